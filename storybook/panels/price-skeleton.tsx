/** A placeholder with the size of a price panel, so that nothing moves when the data arrives. */
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
