/** The size of a picture, in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** Whether this host can load pictures. */
export function hasImages(): boolean {
  return typeof Image === 'function'
}

/** Loads a picture; `undefined` if none came. It stops when the signal is aborted. */
export function loadImage(url: string, signal: AbortSignal): Promise<ImageSize | undefined> {
  return new Promise((resolve) => {
    const image = new Image()
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight })
    image.onerror = () => resolve(undefined)
    signal.addEventListener('abort', () => {
      image.onload = null
      image.onerror = null
      // [spec] What an image was loading is let go when it is given another address (HTML §4.8.4.3.5).
      image.src = ''
    })
    image.src = url
  })
}
