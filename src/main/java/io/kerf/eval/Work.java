package io.kerf.eval;

/**
 * What an evaluation was made of, and what the plan saved.
 *
 * @param requests asked by the documents
 * @param distinctRequests of these, those that differ
 * @param storedRequests of those asked, those answered before: they were read from an {@link
 *     AnswerStore}, with the tokens and the time that they took when they were computed
 * @param batches that were to be computed
 * @param plannedTokens that the batches hold, and those of answers read
 * @param unplannedTokens that every request alone would have taken
 * @param computedTokens done, now or before; fewer than planned after an interrupt
 * @param plannedFlops floating-point operations of the plan
 * @param unplannedFlops those of every request alone
 * @param elapsedMillis wall time of the computation, now or before; where variants share work, as
 *     if this one had run alone
 */
public record Work(
    long requests,
    long distinctRequests,
    long storedRequests,
    int batches,
    long plannedTokens,
    long unplannedTokens,
    long computedTokens,
    double plannedFlops,
    double unplannedFlops,
    long elapsedMillis) {

  /** How many times fewer tokens the plan computes. */
  public double tokensSaved() {
    return plannedTokens == 0 ? 1 : (double) unplannedTokens / plannedTokens;
  }

  /** Tokens computed in a second. */
  public double tokensPerSecond() {
    return computedTokens * 1000.0 / Math.max(1, elapsedMillis);
  }

  /** Requests answered in a second; equal ones count as often as they were asked. */
  public double requestsPerSecond() {
    double share = plannedTokens == 0 ? 1 : (double) computedTokens / plannedTokens;
    return share * requests * 1000.0 / Math.max(1, elapsedMillis);
  }

  /** Floating-point operations in a second that the plan took. */
  public double flopsPerSecond() {
    double share = plannedTokens == 0 ? 1 : (double) computedTokens / plannedTokens;
    return share * plannedFlops * 1000.0 / Math.max(1, elapsedMillis);
  }
}
