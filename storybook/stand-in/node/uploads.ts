/** Replaces the stored uploads of the demo server. A page cannot store files: stories that upload need the server. */
export class Uploads {
  remove(): void {}
}
