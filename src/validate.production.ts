// Production: options are not checked at the call. A wrong one fails the first attempt.

type Validate = typeof import('./validate.ts')

export const requireNonNegative: Validate['requireNonNegative'] = () => {}
export const requireFinite: Validate['requireFinite'] = () => {}
export const requirePositive: Validate['requirePositive'] = () => {}
export const requireOneOf: Validate['requireOneOf'] = () => {}
export const requireUrl: Validate['requireUrl'] = () => {}
export const requireOrigins: Validate['requireOrigins'] = () => {}
export const requireEngine: Validate['requireEngine'] = () => {}
export const requireName: Validate['requireName'] = () => {}
export const requireFunction: Validate['requireFunction'] = () => {}
export const requirePolicyObject: Validate['requirePolicyObject'] = () => {}
