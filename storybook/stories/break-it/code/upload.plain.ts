import { useEffect, useState } from 'react'

export function useFile(url: string, getToken: () => Promise<string>, file: File) {
  const [state, setState] = useState({ connection: 'connecting', sent: 0, confirmed: 0 })

  useEffect(() => {
    let attempts = 0
    let timer: ReturnType<typeof setTimeout>
    let request: XMLHttpRequest | undefined
    let hasLeft = false

    async function start() {
      attempts += 1
      const token = await getToken()
      if (hasLeft) return
      request = new XMLHttpRequest()
      request.open('PUT', url)
      request.setRequestHeader('authorization', `Bearer ${token}`)
      request.upload.onprogress = ({ loaded }) => setState({ connection: 'open', sent: loaded, confirmed: 0 })
      request.onload = () => {
        if (request?.status === 200) setState({ connection: 'closed', sent: file.size, confirmed: file.size })
        else retry()
      }
      request.onerror = retry
      request.send(file)
    }

    // A PUT cannot continue: each attempt starts with the first byte.
    function retry() {
      const hasFailed = attempts === 5
      setState({ connection: hasFailed ? 'failed' : 'waiting', sent: 0, confirmed: 0 })
      if (!hasFailed) timer = setTimeout(start, 1_000)
    }

    start()
    return () => {
      hasLeft = true
      clearTimeout(timer)
      request?.abort()
    }
  }, [url, getToken, file])

  return state
}
