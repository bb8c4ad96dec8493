import type { Plugin } from 'vite'
import { Lab } from '../test/server/lab.ts'
import { createScenarioHandler, startServer } from '../test/server/server.ts'
import { createUpgradeHandler } from '../test/server/sockets.ts'

/**
 * Mounts the test server into the server that Storybook already runs: the demos talk to the real thing. What they ask
 * through a proxy goes to a server of its own, with nothing in between that would compress it or speak for it.
 */
export function scenarioServer(): Plugin {
  const lab = new Lab()
  const upgrade = createUpgradeHandler(lab)
  let behindProxies: ReturnType<typeof startServer> | undefined
  return {
    name: 'rxwire:scenario-server',
    apply: 'serve',
    configureServer: async ({ config, httpServer, middlewares }) => {
      behindProxies ??= startServer(0, lab)
      await behindProxies
      middlewares.use(createScenarioHandler(lab))
      // Under Storybook, Vite has no server of its own but is lent one for the sockets of its hot updates.
      const server = httpServer ?? (config.server.ws ? config.server.ws.server : undefined)
      // Never twice: when Vite restarts, it configures the same server again.
      server?.off('upgrade', upgrade)
      server?.on('upgrade', upgrade)
    },
    buildEnd: async () => (await behindProxies)?.close(),
  }
}
