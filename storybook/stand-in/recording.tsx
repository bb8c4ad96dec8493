import { ServerNotice } from './server-notice.tsx'

const files = import.meta.glob<string>('./recordings/*.webm', { eager: true, query: '?url', import: 'default' })

/** Shows the recording of a demo whose server is missing. */
export function Recording({ of }: { of: string }) {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  const theme = document.documentElement.dataset['theme'] ?? 'system'
  const scheme = theme === 'dark' || (theme === 'system' && isDark) ? 'dark' : 'light'
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  return (
    <>
      <ServerNotice server="missing" />
      <video
        className="recording"
        key={scheme}
        src={files[`./recordings/${of}-${scheme}.webm`]}
        aria-label="Recording of this demo"
        autoPlay={!isStill}
        controls
        loop
        muted
        playsInline
      />
    </>
  )
}
