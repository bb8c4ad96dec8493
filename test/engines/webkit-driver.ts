import { once } from 'node:events'
import { freePort, startProgram } from '../server/programs.ts'
import { pathOf } from './engine.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { display, driver } from './webkit-programs.ts'

// WebKit's driver on a display of its own, as a program. Says where it is, and ends with whoever started it: neither
// the driver nor the display would do so by itself.
const screen = await startVirtualDisplay(pathOf(display))
const port = await freePort()
const env = { ...process.env, DISPLAY: screen.name }
const driving = await startProgram(pathOf(driver), [`--port=${port}`, '--host=127.0.0.1'], port, env)
console.info(`http://127.0.0.1:${port}`)
await once(process.stdin.resume(), 'close')
await driving.stop()
// The browser does not outlive its display.
await screen.stop()
