import type { Plugin } from 'vite'
import { Lab } from '../test/server/lab.ts'
import { createScenarioHandler } from '../test/server/server.ts'

/** Mounts the test server into the server that Storybook already runs: the demos talk to the real thing. */
export function scenarioServer(): Plugin {
  const lab = new Lab()
  return {
    name: 'rxwire:scenario-server',
    apply: 'serve',
    configureServer: ({ middlewares }) => {
      middlewares.use(createScenarioHandler(lab))
    },
    buildEnd: () => lab.close(),
  }
}
