import { mount, unmount } from 'svelte'
import Feed from './feed.svelte'
import type { MountFeed } from './feed.ts'

export const mountFeed: MountFeed = (container, url, options) => {
  const feed = mount(Feed, { target: container, props: { url, options } })
  return () => void unmount(feed)
}
