import { setHintHandler } from 'rxwire'

// Tests provoke what the hints warn of. The hints have tests of their own.
setHintHandler(undefined)
