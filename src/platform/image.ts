/** The size of an image, in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** Whether this host can load images. */
export function hasImages(): boolean {
  return typeof Image === 'function'
}

/** Loads an image until the signal is aborted. Resolves with `undefined` if it cannot be loaded. */
export function loadImage(url: string, signal: AbortSignal): Promise<ImageSize | undefined> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => resolve(undefined)
    signal.addEventListener('abort', () => {
      image.onload = null
      image.onerror = null
      // [spec] HTML §4.8.4.3.5: setting another URL aborts the request.
      image.src = ''
    })
    image.src = url
  })
}
