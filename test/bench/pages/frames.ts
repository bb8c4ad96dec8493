/** What became of a page while it was watched. */
export interface Frames {
  readonly frames: number
  readonly commits: number
  /** The most commits that fell between two frames. */
  readonly commitsInOneFrame: number
}

/** Counts frames and React's commits from now on. Returns how to read them. */
export function watchFrames(): () => Frames {
  const commitsBefore = globalThis.commits
  let frames = 0
  let commitsInOneFrame = 0
  let commitsAtFrame = commitsBefore
  const look = () => {
    commitsInOneFrame = Math.max(commitsInOneFrame, globalThis.commits - commitsAtFrame)
    commitsAtFrame = globalThis.commits
  }
  const onFrame = () => {
    frames += 1
    look()
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
  return () => {
    look()
    return { frames, commits: globalThis.commits - commitsBefore, commitsInOneFrame }
  }
}
