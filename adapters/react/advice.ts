import { hint } from 'rxwire'

/** In development, gives a hint about a component that reads all fields of a result. */
export function hintEveryField(): void {
  hint(
    'every field',
    'A component reads all fields of a result, so it renders for each change of each. `...rest` and a spread do that. ' +
      'Name the fields that it renders, or pass the result itself on.',
  )
}
