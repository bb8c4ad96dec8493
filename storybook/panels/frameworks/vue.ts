import { useEventSource } from 'rxwire/vue'
import { createApp, h } from 'vue'
import { figuresOf, type MountFeed } from './feed.ts'

export const mountFeed: MountFeed = (container, url, options) => {
  const app = createApp({
    setup: () => {
      const { data, connection, reconnect, stop } = useEventSource(url, options)
      return () => [
        h(
          'output',
          { class: 'badge', 'data-connection': connection.value, 'aria-label': 'Connection' },
          connection.value,
        ),
        h(
          'dl',
          { class: 'figures' },
          figuresOf(data.value).map(([name, value]) => h('div', [h('dt', name), h('dd', value)])),
        ),
        h('button', { type: 'button', onClick: () => reconnect() }, 'Reconnect'),
        h('button', { type: 'button', onClick: stop }, 'Stop'),
      ]
    },
  })
  app.mount(container)
  return () => app.unmount()
}
