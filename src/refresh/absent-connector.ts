import { type Connector, ConnectorError } from '../domain/connector.ts'
import { PLATFORM_LABELS, type Platform } from '../domain/platform.ts'

/** Stands in for a platform that cannot be read: every call is answered as `unsupported`. */
export function absentConnector(platform: Platform): Connector {
  const refuse = async () => {
    throw new ConnectorError({
      kind: 'unsupported',
      message: `${PLATFORM_LABELS[platform]} cannot be read yet.`,
      status: null,
      body: null,
      retryAt: null,
      isHostDown: false,
    })
  }
  return {
    platform,
    readAccount: refuse,
    readPublications: refuse,
    listPublications: refuse,
    refreshToken: refuse,
  }
}
