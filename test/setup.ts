import { setHintHandler } from 'rxwire'

// Many tests trigger hints on purpose. The hints have their own tests.
setHintHandler(undefined)
