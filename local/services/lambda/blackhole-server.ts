import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Where the requests of a function in a VPC without a way out end: they are taken, and never answered. */
export interface BlackholeServer {
  readonly url: string
  readonly stop: () => Promise<void>
}

export const startBlackholeServer = async (): Promise<BlackholeServer> => {
  const openSockets = new Set<Socket>()
  const server = createServer((socket) => {
    openSockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => openSockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      for (const socket of openSockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
