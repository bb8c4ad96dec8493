import { mount, unmount } from 'svelte'
import Component from './component.svelte'
import type { Harness } from './harness.ts'

export const svelte: Harness = {
  name: 'Svelte',
  mount: (props, container) => {
    const component = mount(Component, { target: container, props })
    return { set: component.set, read: component.field, unmount: () => void unmount(component) }
  },
}
