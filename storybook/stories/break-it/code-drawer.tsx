import { Listing, linesOf } from '../../panels/listing.tsx'

/** Both columns' code next to each other, as it runs. */
export function CodeDrawer({ code }: { code: { readonly plain: string; readonly rxwire: string } }) {
  return (
    <details className="drawer">
      <summary>
        Code: {linesOf(code.plain)} lines of plain browser code, {linesOf(code.rxwire)} with rxwire
      </summary>
      <div className="pair">
        <Listing name="Plain browser code" code={code.plain} />
        <Listing name="rxwire" code={code.rxwire} />
      </div>
    </details>
  )
}
