import { useEffect } from 'react'
import { tus } from 'rxwire'
import { useUpload } from 'rxwire/react'

export function useFile(url: string, getToken: () => Promise<string>, file: File) {
  const { upload, start } = useUpload(url, {
    protocol: tus(),
    headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
    stallTimeoutMs: 3_000,
  })

  useEffect(() => {
    start(file)
  }, [file, start])

  return upload
}
