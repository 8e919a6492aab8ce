package io.kerf.eval;

import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.engine.EncoderDecoderSession.Target;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Requests to an encoder-decoder, planned and answered: every context is encoded once. */
final class CrossWorkload implements Workload {
  private final Map<Request, CrossEncoder.Encoded> encoded = new LinkedHashMap<>();
  private final Map<CrossPlan.Text, Set<Request.Decoding>> asked = new LinkedHashMap<>();
  private final Map<Request.Decoding, Score> scores = new HashMap<>();
  private final Map<CrossPlan.Text, Place> places = new LinkedHashMap<>();
  private final Clozes clozes;
  private final CrossScorer scorer;
  private final CrossCost cost;
  private final CrossPlan plan;
  private final CrossPlan readingPlan;
  private long unplannedTokens;
  private double unplannedFlops;

  private record Score(double logLikelihood, boolean greedy) {}

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every text alone
   */
  CrossWorkload(Model model, CrossScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = CrossCost.of(model);
    this.clozes = new Clozes(model.config().maxPositions(), model.config().vocabulary());
    CrossEncoder encoder = new CrossEncoder(model);
    for (Request request : requests) {
      if (request instanceof Request.Cloze cloze && cloze.place() instanceof Place.Decoded place) {
        clozes.add(cloze);
        CrossPlan.Text text = new CrossPlan.Text(place.context(), place.given());
        places.put(text, place);
        count(text, 1);
      } else {
        var decoding = encoded.computeIfAbsent(request, encoder::encode).decoding();
        CrossPlan.Text text = text(decoding);
        asked.computeIfAbsent(text, t -> new LinkedHashSet<>()).add(decoding);
        count(text, decoding.scored().size());
      }
    }
    plan = CrossPlan.of(asked.keySet(), batchTokens);
    readingPlan = CrossPlan.of(places.keySet(), batchTokens);
  }

  /** What is computed for it: the last token is only ever predicted. */
  private static CrossPlan.Text text(Request.Decoding decoding) {
    Tokens scored = decoding.scored();
    return new CrossPlan.Text(
        decoding.context(), decoding.given().then(scored.slice(0, scored.size() - 1)));
  }

  private void count(CrossPlan.Text text, int positions) {
    unplannedTokens += CrossPlan.Sequence.of(text).tokens();
    int context = text.context().size();
    unplannedFlops +=
        cost.encoded(context)
            + cost.decoded(text.decoded().size() + 1, context)
            + cost.perScored() * positions;
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

  private List<Request> scoredBy(CrossPlan.Batch batch) {
    return texts(batch).flatMap(text -> asked.get(text).stream()).map(Request.class::cast).toList();
  }

  private List<Request> readBy(CrossPlan.Batch batch) {
    return texts(batch)
        .flatMap(text -> clozes.at(places.get(text)).stream())
        .map(Request.class::cast)
        .toList();
  }

  private static Stream<CrossPlan.Text> texts(CrossPlan.Batch batch) {
    return batch.sequences().stream().flatMap(sequence -> sequence.texts().stream());
  }

  private void score(CrossPlan.Batch batch) {
    List<Input> inputs = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    List<Request.Decoding> answered = new ArrayList<>();
    for (CrossPlan.Sequence sequence : batch.sequences()) {
      for (CrossPlan.Text text : sequence.texts()) {
        for (Request.Decoding decoding : asked.get(text)) {
          int first = decoding.given().size(); // the start token is at 0
          for (int t = 0; t < decoding.scored().size(); t++) {
            targets.add(new Target(inputs.size(), first + t, decoding.scored().at(t)));
          }
          answered.add(decoding);
        }
      }
      inputs.add(input(sequence));
    }
    var all = scorer.score(inputs, targets);
    int target = 0;
    for (Request.Decoding decoding : answered) {
      double sum = 0;
      boolean greedy = true;
      for (int t = 0; t < decoding.scored().size(); t++, target++) {
        sum += all.logProbabilities()[target];
        greedy &= all.greedy()[target];
      }
      scores.put(decoding, new Score(sum, greedy));
    }
  }

  private void read(CrossPlan.Batch batch) {
    List<Input> inputs = new ArrayList<>();
    List<Place> read = new ArrayList<>();
    for (CrossPlan.Sequence sequence : batch.sequences()) {
      Input whole = input(sequence);
      int[] positions = sequence.texts().stream().mapToInt(t -> t.decoded().size()).toArray();
      inputs.add(new Input(whole.context(), whole.decoded(), positions));
      sequence.texts().forEach(text -> read.add(places.get(text)));
    }
    float[][] rows = scorer.logits(inputs);
    for (int i = 0; i < rows.length; i++) {
      clozes.read(read.get(i), rows[i]);
    }
  }

  private Input input(CrossPlan.Sequence sequence) {
    // As labels: the last is predicted and not read, so that any may stand there.
    int[] labels = sequence.decoded().then(Tokens.of(0)).toArray();
    return new Input(sequence.context().toArray(), scorer.decoderInput(labels));
  }

  @Override
  public Optional<Answer> answer(Request request) {
    if (request instanceof Request.Cloze cloze) {
      return clozes.answer(cloze);
    }
    CrossEncoder.Encoded parts = encoded.get(request);
    return Optional.ofNullable(scores.get(parts.decoding()))
        .map(
            s ->
                new Answer.Likelihood(
                    s.logLikelihood(),
                    parts.decoding().scored().size(),
                    s.greedy(),
                    parts.droppedContextTokens()));
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
    return flops(plan) + flops(readingPlan);
  }

  private double flops(CrossPlan some) {
    double flops = 0;
    for (CrossPlan.Batch batch : some.batches()) {
      Tokens encodedLast = Tokens.NONE;
      for (CrossPlan.Sequence sequence : batch.sequences()) {
        int context = sequence.context().size();
        if (!sequence.context().equals(encodedLast)) {
          flops += cost.encoded(context);
          encodedLast = sequence.context();
        }
        flops += cost.decoded(sequence.decoded().size() + 1, context);
        flops += cost.perScored() * positions(sequence, some == plan);
      }
    }
    return flops;
  }

  /** After how many of the decoder's tokens something is predicted. */
  private long positions(CrossPlan.Sequence sequence, boolean scored) {
    if (!scored) {
      return sequence.texts().size();
    }
    Set<Integer> positions = new LinkedHashSet<>();
    for (CrossPlan.Text text : sequence.texts()) {
      for (Request.Decoding decoding : asked.get(text)) {
        for (int t = 0; t < decoding.scored().size(); t++) {
          positions.add(decoding.given().size() + t);
        }
      }
    }
    return positions.size();
  }
}
