import { beforeEach } from 'vitest'

/** Tests of what only the default tree has: checks of options at the call, hints, and remedies in errors. */
const ADVICE = [
  /refused at the call/,
  /^throws a TypeError if (?:decode is given, too|a decoder is none|events is a text)$/,
  /^throws on (?!.*(?:a response|a message))/,
  /^does not retry with a body that is a stream$/,
  /^fails after connectTimeoutMs without a response, with an error that names the option$/,
  /^retries a request with a stream body only if a function creates the stream$/,
  /^retries when the server chooses (?:none|one that was not offered)/,
]

beforeEach(({ task, skip }) =>
  skip(
    ADVICE.some((name) => name.test(task.name)),
    'advice is absent in production',
  ),
)
