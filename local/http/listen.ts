import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** On loopback alone; 0 takes a free port. The URL has no slash at its end. */
export const listen = async (server: Server, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken: stop what listens there, or choose another port, 0 for any.`)
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
}

/** Cuts every connection. */
export const close = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
