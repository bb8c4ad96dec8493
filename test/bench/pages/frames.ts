/** What became of a page while it was watched. */
export interface Frames {
  readonly frames: number
  readonly commits: number
  /** The most commits that fell between two frames. */
  readonly commitsInOneFrame: number
  /** The longest time between two commits, in which people saw nothing new. */
  readonly longestStillMs: number
}

/** Counts frames and React's commits from now on. Returns how to read them. */
export function watchFrames(): () => Frames {
  const commitsBefore = globalThis.commits
  let frames = 0
  let commitsInOneFrame = 0
  let commitsAtFrame = commitsBefore
  let longestStillMs = 0
  let shownAtMs = performance.now()
  const look = () => {
    const commits = globalThis.commits - commitsAtFrame
    if (commits === 0) return
    const nowMs = performance.now()
    commitsInOneFrame = Math.max(commitsInOneFrame, commits)
    longestStillMs = Math.max(longestStillMs, nowMs - shownAtMs)
    commitsAtFrame = globalThis.commits
    shownAtMs = nowMs
  }
  const onFrame = () => {
    frames += 1
    look()
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
  return () => {
    look()
    return { frames, commits: globalThis.commits - commitsBefore, commitsInOneFrame, longestStillMs }
  }
}
