import { tables } from 'virtual:rxwire/tables'
import { ScrollingTable } from './scrolling-table.tsx'
import type { OptionRow } from './site.ts'

/**
 * The description and the options of an exported function, or of an interface of options.
 *
 * @param from The entry point that exports it.
 * @param except A function of `rxwire` whose options are on another page. The table links to them.
 */
export function Options({ of, from = 'rxwire', except }: { of: string; from?: string; except?: string }) {
  const table = tables[`${from} ${of}`]
  if (table === undefined) throw new Error(`${from} exports no function or options of the name ${of}`)
  const other = except === undefined ? undefined : tables[`rxwire ${except}`]
  const elsewhere = new Set(other?.groups.flatMap(({ name, options }) => options.map((row) => `${name} ${row.name}`)))
  const groups = table.groups
    .map((group) => ({ ...group, options: group.options.filter((row) => !elsewhere.has(`${group.name} ${row.name}`)) }))
    .filter(({ options }) => options.length > 0)
  return (
    <>
      <p>
        <Html of={table.text} /> {table.href && <a href={table.href} target="_top">{`Reference of ${of}`}</a>}
      </p>
      {other && (
        <p>
          It also has the options of{' '}
          <a href={other.page} target="_top">
            <code>{except}</code>
          </a>
          .
        </p>
      )}
      {groups.length > 0 && (
        <ScrollingTable label={`Options of ${of}`}>
          <thead>
            <tr>
              <th scope="col">Option and type</th>
              <th scope="col">Default</th>
              <th scope="col">What it does</th>
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.name}>
              {groups.length > 1 && (
                <tr className="option-group">
                  <th colSpan={3} scope="rowgroup">
                    {group.href ? (
                      <a href={group.href} target="_top">
                        {inWords(group.name)}
                      </a>
                    ) : (
                      inWords(group.name)
                    )}
                  </th>
                </tr>
              )}
              {group.options.map((option) => (
                <Row key={option.name} {...option} />
              ))}
            </tbody>
          ))}
        </ScrollingTable>
      )}
    </>
  )
}

function Row({ name, type, isRequired, default: standard, text }: OptionRow) {
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        <br />
        <code className="option-type">{type}</code>
      </th>
      <td>{isRequired ? <strong>required</strong> : <Html of={standard ?? ''} />}</td>
      <td>
        <Html of={text} />
      </td>
    </tr>
  )
}

/** Shows HTML that the build has made from the TSDoc of the sources. */
function Html({ of }: { of: string }) {
  const Element = of.startsWith('<') && !of.startsWith('<code') ? 'div' : 'span'
  // biome-ignore lint/security/noDangerouslySetInnerHtml: it is built from the comments of this repository
  return <Element dangerouslySetInnerHTML={{ __html: of }} />
}

/** `EventSourceOptions` in words: Event source options. */
function inWords(name: string): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
