/** A page keeps no files: the stories that upload need the server itself. */
export class Uploads {
  remove(): void {}
}
