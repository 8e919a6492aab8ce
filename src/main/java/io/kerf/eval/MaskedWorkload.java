package io.kerf.eval;

import io.kerf.engine.EncoderSession;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cloze requests, planned and answered: equal prompts once, the head at the masks alone. */
final class MaskedWorkload implements Workload {
  private record Prompt(Tokens ids, Tokens segments) {}

  private final Clozes clozes;
  private final Map<Prompt, List<Place.Masked>> prompts = new LinkedHashMap<>();
  private final List<List<Prompt>> batches;
  private final MaskScorer scorer;
  private final Cost cost;
  private long unplannedTokens;
  private double unplannedFlops;

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every prompt alone
   */
  MaskedWorkload(Model model, MaskScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = Cost.of(model);
    this.clozes = new Clozes(model.config().maxPositions(), model.config().vocabulary());
    for (Request request : requests) {
      if (!(request instanceof Request.Cloze cloze
          && cloze.place() instanceof Place.Masked place)) {
        throw new IllegalArgumentException("a masked model has no answer to " + request);
      }
      clozes.add(cloze);
      int tokens = place.ids().size();
      unplannedTokens += tokens;
      unplannedFlops += cost.bidirectional(tokens) + cost.perScored();
    }
    for (Place place : clozes.places()) {
      Place.Masked masked = (Place.Masked) place;
      prompts
          .computeIfAbsent(new Prompt(masked.ids(), masked.segments()), prompt -> new ArrayList<>())
          .add(masked);
    }
    batches = batches(batchTokens);
  }

  /** By length, so that sequences of a batch are alike. */
  private List<List<Prompt>> batches(int batchTokens) {
    List<Prompt> order = new ArrayList<>(prompts.keySet());
    order.sort(Comparator.comparingInt(p -> p.ids().size()));
    List<List<Prompt>> filled = new ArrayList<>();
    int tokens = 0;
    for (Prompt prompt : order) {
      if (filled.isEmpty() || tokens + prompt.ids().size() > batchTokens) {
        filled.add(new ArrayList<>());
        tokens = 0;
      }
      filled.get(filled.size() - 1).add(prompt);
      tokens += prompt.ids().size();
    }
    return filled;
  }

  @Override
  public List<Step> steps() {
    return batches.stream()
        .map(
            b ->
                new Step(
                    b.stream().mapToLong(p -> p.ids().size()).sum(),
                    () -> compute(b),
                    () -> answered(b)))
        .toList();
  }

  private List<Request> answered(List<Prompt> batch) {
    return batch.stream()
        .flatMap(prompt -> prompts.get(prompt).stream())
        .flatMap(place -> clozes.at(place).stream())
        .map(Request.class::cast)
        .toList();
  }

  private void compute(List<Prompt> batch) {
    List<EncoderSession.Input> inputs = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (Prompt prompt : batch) {
      List<Place.Masked> masks = prompts.get(prompt);
      places.addAll(masks);
      inputs.add(
          new EncoderSession.Input(
              prompt.ids().toArray(),
              prompt.segments().toArray(),
              masks.stream().mapToInt(Place.Masked::position).toArray()));
    }
    float[][] rows = scorer.logits(inputs); // (masks, V)
    for (int i = 0; i < rows.length; i++) {
      clozes.read(places.get(i), rows[i]);
    }
  }

  @Override
  public Optional<Answer> answer(Request request) {
    return clozes.answer((Request.Cloze) request);
  }

  @Override
  public int distinctRequests() {
    return clozes.distinct();
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
    return prompts.entrySet().stream()
        .mapToDouble(
            e ->
                cost.bidirectional(e.getKey().ids().size())
                    + cost.perScored() * e.getValue().size())
        .sum();
  }
}
