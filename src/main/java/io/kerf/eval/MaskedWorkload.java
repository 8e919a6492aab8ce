package io.kerf.eval;

import io.kerf.engine.EncoderSession;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cloze requests, planned and answered: equal prompts once, the head at the masks alone. */
final class MaskedWorkload implements Workload {
  private record Prompt(Tokens ids, Tokens segments) {}

  /** A prompt's masks, and what is asked at each. */
  private record Masks(Map<Integer, List<Request.Cloze>> questions) {
    int[] positions() {
      return questions.keySet().stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private final Map<Prompt, Masks> prompts = new LinkedHashMap<>();
  private final Map<Request, Answer> answers = new HashMap<>();
  private final List<List<Prompt>> batches;
  private final MaskScorer scorer;
  private final Cost cost;
  private final int distinct;
  private long unplannedTokens;
  private double unplannedFlops;

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every prompt alone
   */
  MaskedWorkload(Model model, MaskScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = Cost.of(model);
    int window = model.config().maxPositions();
    int vocabulary = model.config().vocabulary();
    Map<Request, Boolean> seen = new HashMap<>();
    for (Request request : requests) {
      Request.Cloze cloze = check(request, window, vocabulary);
      int tokens = cloze.ids().size();
      unplannedTokens += tokens;
      unplannedFlops += cost.bidirectional(tokens) + cost.perScored();
      if (seen.put(request, true) == null) {
        prompts
            .computeIfAbsent(
                new Prompt(cloze.ids(), cloze.segments()), p -> new Masks(new LinkedHashMap<>()))
            .questions()
            .computeIfAbsent(cloze.position(), p -> new ArrayList<>())
            .add(cloze);
      }
    }
    distinct = seen.size();
    batches = batches(batchTokens);
  }

  private static Request.Cloze check(Request request, int window, int vocabulary) {
    if (!(request instanceof Request.Cloze cloze)) {
      throw new IllegalArgumentException("a masked model has no answer to " + request);
    }
    if (cloze.ids().size() > window) {
      throw new IllegalArgumentException(
          "a prompt of "
              + cloze.ids().size()
              + " tokens is longer than the model's window of "
              + window);
    }
    if (cloze.object() < 0 || cloze.object() >= vocabulary) {
      throw new IllegalArgumentException(
          "object " + cloze.object() + " is no id of a vocabulary of " + vocabulary);
    }
    return cloze;
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
        .map(b -> new Step(b.stream().mapToLong(p -> p.ids().size()).sum(), () -> compute(b)))
        .toList();
  }

  private void compute(List<Prompt> batch) {
    List<EncoderSession.Input> inputs = new ArrayList<>();
    for (Prompt prompt : batch) {
      inputs.add(
          new EncoderSession.Input(
              prompt.ids().toArray(),
              prompt.segments().toArray(),
              prompts.get(prompt).positions()));
    }
    float[][] rows = scorer.logits(inputs); // (masks, V)
    int row = 0;
    for (Prompt prompt : batch) {
      for (List<Request.Cloze> questions : prompts.get(prompt).questions().values()) {
        MaskReading reading = new MaskReading(rows[row++]);
        questions.forEach(q -> answers.put(q, reading.answer(q)));
      }
    }
  }

  @Override
  public Optional<Answer> answer(Request request) {
    return Optional.ofNullable(answers.get(request));
  }

  @Override
  public int distinctRequests() {
    return distinct;
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
                    + cost.perScored() * e.getValue().questions().size())
        .sum();
  }
}
