import { hint } from 'rxwire'

/** In development, gives a hint about a component that reads all fields of a result. */
export function hintEveryField(): void {
  hint(
    'every field',
    'A component reads all fields of a result, so it renders for each change of each. `...rest` and a spread do that. ' +
      'Name the fields that it renders, or pass the result itself on.',
  )
}

/** The error of a component whose source or `restartOn` is another one in each render. */
export function unstableSource(isWire: boolean): TypeError {
  return new TypeError(
    isWire
      ? 'The source is another wire in each render. Pass a function, such as () => fromEventSource(url), or create the wire outside the component or with useMemo'
      : 'restartOn has a value that is another one in each render. Pass strings and numbers, or create the value with useMemo',
  )
}
