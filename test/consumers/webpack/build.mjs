import webpack from 'webpack'

const context = import.meta.dirname
webpack(
  { mode: 'production', context, entry: './main.js', output: { path: context, filename: 'bundle.js' } },
  (error, stats) => {
    const problems = error?.message ?? stats.toString({ all: false, errors: true })
    if (problems !== '') throw new Error(problems)
  },
)
