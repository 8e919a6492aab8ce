package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests for likelihood and clozes, planned and answered. */
final class CausalWorkload implements Workload {
  private final Map<Request, RequestEncoder.Encoded> encoded = new LinkedHashMap<>();
  private final Map<Span, Integer> places = new HashMap<>();
  private final List<Span> spans = new ArrayList<>(); // distinct, first come first
  private final TokenScorer scorer;
  private final Cost cost;
  private final CausalPlan plan;
  private final double[] logLikelihoods; // by span
  private final boolean[] greedy;
  private final boolean[] done;
  private final Clozes clozes;
  private final List<Place> read; // where clozes ask
  private final CausalPlan readingPlan;
  private long unplannedTokens;
  private double unplannedFlops;

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every request alone
   */
  CausalWorkload(Model model, TokenScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = Cost.of(model);
    this.clozes = new Clozes(model.config().maxPositions(), model.config().vocabulary());
    RequestEncoder encoder = RequestEncoder.of(model);
    for (Request request : requests) {
      if (request instanceof Request.Cloze cloze && cloze.place() instanceof Place.After after) {
        clozes.add(cloze);
        count(after.ids().size(), 1);
      } else {
        var parts = encoded.computeIfAbsent(request, encoder::encode);
        parts.spans().forEach(this::add);
      }
    }
    read = List.copyOf(clozes.places());
    plan = plan(spans, batchTokens);
    readingPlan = plan(read.stream().map(CausalWorkload::reading).toList(), batchTokens);
    logLikelihoods = new double[spans.size()];
    greedy = new boolean[spans.size()];
    done = new boolean[spans.size()];
  }

  private void add(Span span) {
    count(span.context().size() + span.scored().size() - 1, span.scored().size());
    places.computeIfAbsent(
        span,
        s -> {
          spans.add(s);
          return spans.size() - 1;
        });
  }

  private void count(int inputs, int scored) {
    unplannedTokens += inputs;
    unplannedFlops += cost.causal(inputs) + cost.perScored() * scored;
  }

  private static CausalPlan plan(List<Span> spans, int batchTokens) {
    return batchTokens == 0 ? CausalPlan.unplanned(spans) : CausalPlan.of(spans, batchTokens);
  }

  /** As a plan sees a place: one token is predicted after all, whichever it is. */
  private static Span reading(Place place) {
    return new Span(place.ids(), Tokens.of(0));
  }

  @Override
  public List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    plan.batches().forEach(b -> steps.add(new Step(b.tokens(), () -> score(b), () -> scoredBy(b))));
    readingPlan
        .batches()
        .forEach(b -> steps.add(new Step(b.tokens(), () -> read(b), () -> readBy(b))));
    return steps;
  }

  private List<Request> scoredBy(CausalPlan.Batch batch) {
    return batch.spans().stream()
        .map(spans::get)
        .<Request>map(s -> new Request.Continuation(s.context(), s.scored()))
        .toList();
  }

  private List<Request> readBy(CausalPlan.Batch batch) {
    return batch.spans().stream()
        .flatMap(i -> clozes.at(read.get(i)).stream())
        .map(Request.class::cast)
        .toList();
  }

  private void score(CausalPlan.Batch batch) {
    DecoderSession.Scores scores = scorer.score(batch.trees(), batch.targets());
    int target = 0;
    for (int index : batch.spans()) {
      double sum = 0;
      boolean all = true;
      for (int t = 0; t < spans.get(index).scored().size(); t++, target++) {
        sum += scores.logProbabilities()[target];
        all &= scores.greedy()[target];
      }
      logLikelihoods[index] = sum;
      greedy[index] = all;
      done[index] = true;
    }
  }

  private void read(CausalPlan.Batch batch) {
    List<DecoderSession.Node> nodes =
        batch.targets().stream().map(t -> new DecoderSession.Node(t.tree(), t.node())).toList();
    float[][] rows = scorer.logits(batch.trees(), nodes);
    for (int i = 0; i < rows.length; i++) {
      clozes.read(read.get(batch.spans().get(i)), rows[i]);
    }
  }

  @Override
  public Optional<Answer> answer(Request request) {
    if (request instanceof Request.Cloze cloze) {
      return clozes.answer(cloze);
    }
    var parts = encoded.get(request);
    double sum = 0;
    boolean all = true;
    for (Span span : parts.spans()) {
      int index = places.get(span);
      if (!done[index]) {
        return Optional.empty();
      }
      sum += logLikelihoods[index];
      all &= greedy[index];
    }
    return Optional.of(
        new Answer.Likelihood(sum, parts.scoredTokens(), all, parts.droppedContextTokens()));
  }

  @Override
  public int distinctRequests() {
    return encoded.size() + clozes.distinct();
  }

  @Override
  public long unplannedTokens() {
    return unplannedTokens;
  }

  @Override
  public double unplannedFlops() {
    return unplannedFlops;
  }

  @Override
  public double plannedFlops() {
    double flops = 0;
    for (CausalPlan each : List.of(plan, readingPlan)) {
      for (var batch : each.batches()) {
        flops += batch.trees().stream().mapToDouble(cost::tree).sum();
        long positions =
            batch.targets().stream().map(t -> (long) t.tree() << 32 | t.node()).distinct().count();
        flops += cost.perScored() * positions;
      }
    }
    return flops;
  }
}
