package io.kerf.eval.lama;

import io.kerf.eval.Candidates;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Masked models: a mask for the object.
 *
 * <p>Two sentences are read as a pair, as LAMA's BERT reads them; more are joined into the second.
 * Where there are several masks the first is the object's.
 */
final class MaskedPrompts implements Prompts {
  private final Tokenizer tokenizer;
  private final Words words;
  private final int maskId;
  private final Candidates all;
  private final Map<String, int[]> wordEnds = new HashMap<>();

  MaskedPrompts(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.words = new Words(tokenizer);
    this.maskId =
        tokenizer
            .maskId()
            .orElseThrow(
                () -> new IllegalArgumentException("LAMA needs a tokenizer with a mask token"));
    this.all = Candidates.full(tokenizer.vocabularySize());
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public String refusal(Sentence sentence) {
    long masks = Arrays.stream(encode(masked(sentence)).ids()).filter(id -> id == maskId).count();
    return masks == 0 ? "no_mask" : sentence.templated() && masks > 1 ? "several_masks" : null;
  }

  @Override
  public String refusalOfFilled(Sentence sentence) {
    return refusal(sentence);
  }

  @Override
  public Blank blank(Sentence sentence) {
    return new Masks(masked(sentence));
  }

  private Sentence masked(Sentence sentence) {
    return sentence.marked(tokenizer.token(maskId));
  }

  private Tokenizer.Pair encode(Sentence sentence) {
    List<String> texts = sentence.texts();
    if (texts.size() == 1) {
      int[] ids = tokenizer.encode(texts.get(0), true);
      return new Tokenizer.Pair(ids, new int[ids.length]);
    }
    return tokenizer.encodePair(texts.get(0), String.join(" ", texts.subList(1, texts.size())));
  }

  /** One past the last token of the word that each of an object's tokens belongs to. */
  private int[] wordEnds(String object) {
    return wordEnds.computeIfAbsent(
        object,
        o -> {
          String text = words.spaced(o);
          Tokenizer.Pieces pieces = tokenizer.pieces(text, false);
          int[] ends = new int[pieces.ids().length];
          for (int i = ends.length - 1; i >= 0; i--) {
            boolean goesOn =
                i + 1 < ends.length && sameWord(text, pieces.ends()[i], pieces.starts()[i + 1]);
            ends[i] = goesOn ? ends[i + 1] : i + 1;
          }
          return ends;
        });
  }

  /** Whether letters or digits go on from one token to the next. */
  private static boolean sameWord(String text, int end, int nextStart) {
    if (nextStart > end || end == 0 || nextStart >= text.codePointCount(0, text.length())) {
      return false;
    }
    int before = text.codePointAt(text.offsetByCodePoints(0, end - 1));
    int after = text.codePointAt(text.offsetByCodePoints(0, nextStart));
    return inWord(before) && inWord(after);
  }

  private static boolean inWord(int codePoint) {
    int type = Character.getType(codePoint);
    return Character.isLetterOrDigit(codePoint)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private final class Masks implements Blank {
    private final String text;
    private final Tokens ids;
    private final Tokens segments;
    private final int position;
    private final Map<Tokens, Place.Masked> places = new HashMap<>(); // by ids and position

    Masks(Sentence sentence) {
      this.text = sentence.text();
      Tokenizer.Pair pair = encode(sentence);
      this.ids = Tokens.of(pair.ids());
      this.segments = Tokens.of(pair.segments());
      int at = 0;
      while (ids.at(at) != maskId) {
        at++;
      }
      this.position = at;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public Place place() {
      return new Place.Masked(ids, segments, position);
    }

    /**
     * As many masks as the object has tokens, all of them masked at once: what stands at each is
     * predicted without the others.
     */
    @Override
    public Scored spelled(String object) {
      Tokens tokens = words.tokens(object);
      int[] shown = new int[tokens.size()];
      Arrays.fill(shown, maskId);
      List<Request> requests = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        requests.add(cloze(shown, i, tokens.at(i)));
      }
      return new Scored(requests, tokens.size(), Normalisation.bytes(object));
    }

    /**
     * The pseudo-log-likelihood of the object's tokens, within a word from left to right: a token
     * is masked together with those that follow it in its word, so that a word's beginning is not
     * given away by its end (arXiv 2305.10588).
     */
    @Override
    public Scored filled(String object) {
      Tokens tokens = words.tokens(object);
      int[] ends = wordEnds(object);
      List<Request> requests = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        int[] shown = tokens.toArray();
        Arrays.fill(shown, i, ends[i], maskId);
        requests.add(cloze(shown, i, tokens.at(i)));
      }
      return new Scored(requests, tokens.size(), Normalisation.bytes(object));
    }

    /**
     * @param shown stands in the mask's place
     * @param at the scored one of them
     */
    private Request cloze(int[] shown, int at, int token) {
      Tokens middle = Tokens.of(shown);
      int segment = segments.at(position);
      // Objects of equal length share their first masks, so equal places are one object.
      Place.Masked place =
          places.computeIfAbsent(
              middle.then(Tokens.of(at)),
              key -> {
                int[] own = new int[shown.length];
                Arrays.fill(own, segment);
                return new Place.Masked(
                    ids.slice(0, position).then(middle).then(ids.from(position + 1)),
                    segments
                        .slice(0, position)
                        .then(Tokens.of(own))
                        .then(segments.from(position + 1)),
                    position + at);
              });
      return new Request.Cloze(place, token, Tokens.NONE, all);
    }
  }
}
