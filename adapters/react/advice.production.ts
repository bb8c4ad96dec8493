type Advice = typeof import('./advice.ts')

export const hintEveryField: Advice['hintEveryField'] = () => {}
export const unstableSource: Advice['unstableSource'] = (isWire) =>
  new TypeError(`${isWire ? 'source' : 'restartOn'} changes in each render`)
