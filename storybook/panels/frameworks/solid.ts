import { createEventSource } from 'rxwire/solid'
import { createEffect } from 'solid-js'
import { render } from 'solid-js/web'
import { figuresOf, type MountFeed } from './feed.ts'

/** Solid without its compiler: elements, and an effect for each part of them that changes. */
export const mountFeed: MountFeed = (container, url, options) =>
  render(() => {
    const { data, connection, reconnect, stop } = createEventSource(url, options)
    const badge = element('output', { className: 'badge', ariaLabel: 'Connection' })
    createEffect(() => {
      badge.dataset['connection'] = connection()
      badge.textContent = connection()
    })
    const figures = element('dl', { className: 'figures' })
    createEffect(() => {
      const rows = figuresOf(data()).map(([name, value]) => {
        const row = element('div', {})
        row.append(element('dt', { textContent: name }), element('dd', { textContent: value }))
        return row
      })
      figures.replaceChildren(...rows)
    })
    return [
      badge,
      figures,
      element('button', { type: 'button', textContent: 'Reconnect', onclick: () => reconnect() }),
      element('button', { type: 'button', textContent: 'Stop', onclick: stop }),
    ]
  }, container)

function element<N extends keyof HTMLElementTagNameMap>(name: N, properties: object): HTMLElementTagNameMap[N] {
  return Object.assign(document.createElement(name), properties)
}
