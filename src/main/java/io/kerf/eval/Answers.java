package io.kerf.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one model answers to the parts of a task's requests: what was kept, and what is computed.
 */
final class Answers {
  private final Optional<AnswerFile> file;
  private final AnswerKeys keys = new AnswerKeys();
  private final Map<Request, Kept> known = new HashMap<>();
  private final Set<Request> before = new LinkedHashSet<>();
  private final Set<Request> missing = new LinkedHashSet<>();
  private double
      carriedTokens; // of steps that answer nothing themselves: the next one's answers have them
  private double carriedNanos;

  /** The answers to these parts, as far as the file has them. */
  Answers(Optional<AnswerFile> file, List<Request> parts) {
    this.file = file;
    for (Request part : new LinkedHashSet<>(parts)) {
      Optional<Kept> kept = file.flatMap(f -> f.find(keys.of(part)));
      if (kept.isPresent()) {
        known.put(part, kept.get());
        before.add(part);
      } else {
        missing.add(part);
      }
    }
  }

  /** The parts that are to be computed, in the order in which they are asked, equal ones once. */
  List<Request> missing() {
    return List.copyOf(missing);
  }

  /** Whether all parts were kept from before. */
  boolean keptBefore(RequestParts request) {
    return before.containsAll(request.parts());
  }

  /** A request's answer, once all its parts are answered. */
  Optional<Answer> of(RequestParts request) {
    List<Answer> answers = new ArrayList<>();
    for (Request part : request.parts()) {
      Kept kept = known.get(part);
      if (kept == null) {
        return Optional.empty();
      }
      answers.add(kept.answer());
    }
    return Optional.of(request.joined(answers));
  }

  /** Takes what a step has answered, with each answer's share of what the step took. */
  void add(Workload workload, Workload.Step step, double nanos) {
    carriedTokens += step.tokens();
    carriedNanos += nanos;
    List<Request> parts = step.answered().get();
    if (parts.isEmpty()) {
      return; // a beginning that others continue
    }
    double all = parts.stream().mapToDouble(Answers::length).sum();
    List<AnswerCodec.Entry> entries = new ArrayList<>();
    for (Request part : parts) {
      double share = length(part) / all;
      Answer answer = workload.answer(part).orElseThrow();
      Kept kept = new Kept(answer, share * carriedTokens, share * carriedNanos);
      known.put(part, kept);
      if (file.isPresent()) {
        entries.add(new AnswerCodec.Entry(keys.of(part), kept));
      }
    }
    carriedTokens = 0;
    carriedNanos = 0;
    file.ifPresent(f -> f.append(entries));
  }

  private static double length(Request part) {
    if (part instanceof Request.Continuation continuation) {
      return continuation.given().size() + continuation.scored().size();
    }
    if (part instanceof Request.Decoding decoding) {
      return decoding.context().size() + decoding.given().size() + decoding.scored().size();
    }
    return ((Request.Cloze) part).place().ids().size();
  }

  /** How many tokens were computed for what is answered, when it was. */
  double tokens() {
    return known.values().stream().mapToDouble(Kept::tokens).sum();
  }

  /** How long that took. */
  double nanos() {
    return known.values().stream().mapToDouble(Kept::nanos).sum();
  }
}
