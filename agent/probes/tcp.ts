import { connect } from 'node:net'
import { asciiHost, connectOptions, ready, secondsSince } from './connection.ts'
import { down } from './network-error.ts'
import type { Probe } from './probe.ts'
import { hostSetting, type SettingsOf } from './settings.ts'

export const settings = {
  type: 'object',
  properties: {
    host: {
      ...hostSetting,
      description: 'Name or address to connect to.',
    },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'TCP port.' },
  },
  required: ['host', 'port'],
  additionalProperties: false,
} as const

/** Up when the other side accepts a connection; nothing is sent. Value: seconds until it did. */
export const tcp: Probe<SettingsOf<typeof settings>> = async ({ host, port }, { signal, now }) => {
  const startedAt = now()
  const socket = connect({ ...connectOptions, host: asciiHost(host), port })
  try {
    await ready(socket, 'connect', signal)
    return { state: 'up', value: secondsSince(startedAt, now()) }
  } catch (error) {
    return down(error, signal)
  } finally {
    socket.destroy()
  }
}
