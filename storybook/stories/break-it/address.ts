import { type FaultName, faultNames } from './faults.ts'
import type { TabName } from './scenarios.ts'

/** Builds the address of a story that repeats a run: the tab, the faults and the seed. */
export function addressOf(storyId: string, tab: TabName, seed: number, faults: readonly FaultName[]): string {
  const some = faults.length < faultNames.length ? `;faults:${faults.join('-')}` : ''
  const args = `tab:${tab.replaceAll(' ', '+')};seed:${seed}${some}`
  // The story is a frame of Storybook: both have the same folder.
  return new URL(`./?path=/story/${storyId}&args=${args}`, location.href).href
}
