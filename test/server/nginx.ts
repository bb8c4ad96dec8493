import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, freePort, startProgram } from './programs.ts'

/** A running nginx in front of a server. */
export interface Nginx {
  readonly port: number
  stop(): Promise<void>
}

/** The path of nginx; `undefined` if it is not installed. */
export const nginxPath: string | undefined = findProgram('nginx')

/**
 * Starts an nginx that forwards requests to a local port, by default over HTTP/1.0 as nginx does. Needs no privileges,
 * and removes its files when it stops.
 *
 * @param location The directives of the location that forwards, or the value of its `proxy_buffering`.
 */
export async function startNginx(path: string, targetPort: number, location: string): Promise<Nginx> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'rxwire-nginx-'))
  const config = join(folder, 'nginx.conf')
  const errorLog = join(folder, 'error.log')
  await writeFile(config, configuration(folder, errorLog, port, locationOf(targetPort, location)))
  const { stop } = await startProgram(path, ['-c', config, '-e', errorLog], port)
  return {
    port,
    stop: async () => {
      await stop()
      await rm(folder, { recursive: true })
    },
  }
}

function locationOf(targetPort: number, location: string): string {
  if (location !== 'on' && location !== 'off') return location.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${targetPort}`)
  return `location / {
          proxy_pass http://127.0.0.1:${targetPort};
          proxy_http_version 1.0;
          proxy_buffering ${location};
          proxy_buffers 8 4k;
          proxy_buffer_size 4k;
        }`
}

function configuration(folder: string, errorLog: string, port: number, location: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    daemon off;
    master_process off;
    pid ${join(folder, 'pid')};
    error_log ${errorLog};
    events { worker_connections 64; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n      ')}
      server {
        listen 127.0.0.1:${port};
        ${location}
      }
    }
  `
}
