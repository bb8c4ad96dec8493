import { once } from 'node:events'
import { freePort, startProgram } from '../server/programs.ts'
import { pathOf } from './engine.ts'
import { startVirtualDisplay } from './virtual-display.ts'
import { display, driver } from './webkit-programs.ts'

// Runs the WebKit driver on its own display. Prints its address, and exits together with its parent process, which
// neither the driver nor the display does by itself.
const screen = await startVirtualDisplay(pathOf(display))
const port = await freePort()
const env = { ...process.env, DISPLAY: screen.name }
const driving = await startProgram(pathOf(driver), [`--port=${port}`, '--host=127.0.0.1'], port, env)
console.info(`http://127.0.0.1:${port}`)
await once(process.stdin.resume(), 'close')
await driving.stop()
// Stopping the display also ends the browser.
await screen.stop()
