/** The shape of a price panel, while nothing of it is there: what comes takes its place, and nothing jumps. */
export function PriceSkeleton() {
  return (
    <div className="columns skeleton" aria-busy="true">
      <div className="chart" />
      <div className="figures">
        {['Price', 'Received', 'Lost', 'Twice'].map((name) => (
          <div key={name}>
            <i />
            <i />
          </div>
        ))}
      </div>
    </div>
  )
}
