package io.kerf.eval.lama;

import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.eval.Tokens;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Turns a corpus into what one model is asked, and says which facts are left out and why. */
final class FactSelection {
  private static final int MAX_WORDS = 100;

  /** Facts with the same key have the same prompt, so that each one's object is right for all. */
  private record Key(Relation relation, String subject, List<String> sentences) {
    static Key of(Fact fact) {
      return new Key(
          fact.relation(), fact.relation().templated() ? fact.subject() : "", fact.sentences());
    }
  }

  private final Tokenizer tokenizer;
  private final String mask;
  private final int maskId;
  private final Candidates candidates;
  private final boolean anyRightObject;
  private final Map<Relation, List<Fact>> facts = new LinkedHashMap<>();
  private final Map<Key, Set<Integer>> rightObjects = new HashMap<>();
  private final Set<List<Object>> seen = new HashSet<>();
  private final List<Document> kept = new ArrayList<>();
  private final List<Documents.Dropped> dropped = new ArrayList<>();

  FactSelection(
      Corpus corpus,
      WordList vocabulary,
      boolean anyRightObject,
      Sampling sampling,
      Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.maskId =
        tokenizer
            .maskId()
            .orElseThrow(
                () -> new IllegalArgumentException("LAMA needs a tokenizer with a mask token"));
    this.mask = tokenizer.token(maskId);
    this.candidates =
        vocabulary == null
            ? Candidates.full(tokenizer.vocabularySize())
            : vocabulary.candidates(tokenizer);
    this.anyRightObject = anyRightObject;
    for (Fact fact : corpus.facts()) {
      facts.computeIfAbsent(fact.relation(), r -> new ArrayList<>()).add(fact);
      WordList.singleToken(tokenizer, fact.object())
          .ifPresent(
              id -> rightObjects.computeIfAbsent(Key.of(fact), k -> new TreeSet<>()).add(id));
    }
    facts.replaceAll((relation, all) -> sampling.of(all));
  }

  Documents documents() {
    facts.values().forEach(part -> part.forEach(this::select));
    return new Documents(kept, dropped);
  }

  private void select(Fact fact) {
    String reason = reasonToDrop(fact);
    if (reason != null) {
      dropped.add(new Documents.Dropped(fact.id(), reason));
      return;
    }
    List<String> sentences = sentences(fact);
    Tokenizer.Pair encoded = encode(sentences);
    int object = WordList.singleToken(tokenizer, fact.object()).orElseThrow();
    Tokens ids = Tokens.of(encoded.ids());
    int position = positions(ids).get(0);
    kept.add(
        new FactDocument(
            fact,
            String.join(" ", sentences),
            new Request.Cloze(
                new Place.Masked(ids, Tokens.of(encoded.segments()), position),
                object,
                otherRightObjects(fact, object),
                candidates),
            anyRightObject,
            tokenizer));
  }

  private String reasonToDrop(Fact fact) {
    boolean templated = fact.relation().templated();
    OptionalInt object = WordList.singleToken(tokenizer, fact.object());
    if (object.isEmpty()) {
      return "multi_token_object";
    }
    if (!candidates.contains(object.getAsInt())) {
      return "not_in_vocabulary";
    }
    if (fact.judgedWrong()) {
      return "judged_wrong";
    }
    if (!templated && words(fact.sentences()) > MAX_WORDS) {
      return "over_100_words";
    }
    if (templated && !seen.add(List.of(fact.relation(), fact.subject(), fact.object()))) {
      return "repeated";
    }
    List<Integer> masks = positions(Tokens.of(encode(sentences(fact)).ids()));
    if (masks.isEmpty() || templated && masks.size() > 1) {
      return masks.isEmpty() ? "no_mask" : "several_masks";
    }
    return null;
  }

  private static int words(List<String> sentences) {
    return String.join(" ", sentences).strip().split("\\s+").length;
  }

  private List<String> sentences(Fact fact) {
    Relation relation = fact.relation();
    return relation.templated()
        ? List.of(relation.template().replace("[X]", fact.subject()).replace("[Y]", mask))
        : fact.sentences().stream().map(s -> s.replace("[MASK]", mask)).toList();
  }

  /**
   * Two sentences are read as a pair, as LAMA's BERT reads them; more are joined into the second.
   */
  private Tokenizer.Pair encode(List<String> sentences) {
    if (sentences.size() == 1) {
      int[] ids = tokenizer.encode(sentences.get(0), true);
      return new Tokenizer.Pair(ids, new int[ids.length]);
    }
    return tokenizer.encodePair(
        sentences.get(0), String.join(" ", sentences.subList(1, sentences.size())));
  }

  private List<Integer> positions(Tokens ids) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      if (ids.at(i) == maskId) {
        positions.add(i);
      }
    }
    return positions;
  }

  private Tokens otherRightObjects(Fact fact, int object) {
    return Tokens.of(
        rightObjects.get(Key.of(fact)).stream()
            .mapToInt(Integer::intValue)
            .filter(id -> id != object)
            .toArray());
  }
}
