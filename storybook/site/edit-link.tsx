import { site } from 'virtual:rxwire/site'

/** Links to the source of the page that is shown. While the repository has no name, shows where the source is in it. */
export function EditLink() {
  const id = new URLSearchParams(location.search).get('id')
  const page = site.pages.find((each) => each.id === id)
  if (page === undefined) return null
  if (site.repository === undefined) {
    return (
      <p>
        The source of this page is <code>{page.file}</code>.
      </p>
    )
  }
  return (
    <p>
      <a href={`${site.repository}/edit/main/${page.file}`} target="_top">
        Edit this page
      </a>
    </p>
  )
}
