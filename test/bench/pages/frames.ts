/** The animation frames and commits of a page while it was watched. */
export interface Frames {
  readonly frames: number
  readonly commits: number
  /** The highest number of commits between two animation frames. */
  readonly commitsInOneFrame: number
  /** The longest time without an update on the screen. */
  readonly longestStillMs: number
}

/** Counts animation frames and React commits from now on. Returns a function that reads the counts. */
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
