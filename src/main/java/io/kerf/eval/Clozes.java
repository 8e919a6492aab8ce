package io.kerf.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Clozes by the place they ask about, and their answers: what is asked twice is read once. */
final class Clozes {
  private final Map<Place, List<Request.Cloze>> asked = new LinkedHashMap<>();
  private final Map<Request, Answer> answers = new HashMap<>(); // null until it is there
  private final int window;
  private final int vocabulary;

  /**
   * @param window the most tokens the model reads at once
   * @param vocabulary how many tokens it predicts among
   */
  Clozes(int window, int vocabulary) {
    this.window = window;
    this.vocabulary = vocabulary;
  }

  void add(Request.Cloze cloze) {
    int tokens = cloze.place().ids().size();
    if (tokens > window) {
      throw new IllegalArgumentException(
          "a prompt of " + tokens + " tokens is longer than the model's window of " + window);
    }
    if (cloze.object() < 0 || cloze.object() >= vocabulary) {
      throw new IllegalArgumentException(
          "object " + cloze.object() + " is no id of a vocabulary of " + vocabulary);
    }
    if (!answers.containsKey(cloze)) {
      answers.put(cloze, null);
      asked.computeIfAbsent(cloze.place(), p -> new ArrayList<>()).add(cloze);
    }
  }

  /** The distinct places, first come first. */
  Set<Place> places() {
    return asked.keySet();
  }

  /** Answers all that is asked about a place. */
  void read(Place place, float[] logits) {
    PlaceReading reading = new PlaceReading(logits);
    asked.get(place).forEach(cloze -> answers.put(cloze, reading.answer(cloze)));
  }

  /** What is asked about a place. */
  List<Request.Cloze> at(Place place) {
    return asked.get(place);
  }

  Optional<Answer> answer(Request.Cloze cloze) {
    return Optional.ofNullable(answers.get(cloze));
  }

  /** How many clozes differ. */
  int distinct() {
    return answers.size();
  }
}
