import { beforeEach } from 'vitest'

/** Tests of what only the default tree has: checks of options at the call, hints, and remedies in errors. */
const ADVICE = /refused at the call/

beforeEach(({ task, skip }) => skip(ADVICE.test(task.name), 'advice is absent in production'))
