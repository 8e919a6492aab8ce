package io.kerf.eval.lama;

import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Causal models: the text before the object, without the spaces at its end. The cloze can be asked
 * only where nothing but a full stop follows the object; the filled sentence always can.
 */
final class CausalPrompts implements Prompts {
  private static final Pattern NOTHING_MORE = Pattern.compile("[\\s.]*");

  private final Tokenizer tokenizer;
  private final Words words;
  private final int prefixToken;
  private final Map<String, Tokens> ends = new HashMap<>();

  CausalPrompts(Model model) {
    this.tokenizer = model.tokenizer();
    this.words = new Words(tokenizer);
    this.prefixToken = prefixToken(model);
  }

  /** What stands before a text that nothing precedes, as in the harness. */
  private static int prefixToken(Model model) {
    var special = model.config().special();
    int bos = model.tokenizer().bosId().orElse(special.bos());
    return bos >= 0 ? bos : model.tokenizer().eosId().orElse(special.eos());
  }

  @Override
  public Words words() {
    return words;
  }

  @Override
  public String refusal(Sentence sentence) {
    if (sentence.blanks() == 0) {
      return "no_mask";
    }
    boolean last = NOTHING_MORE.matcher(sentence.after()).matches();
    return last ? refusalToBegin(sentence) : "object_not_last";
  }

  @Override
  public String refusalOfFilled(Sentence sentence) {
    int blanks = sentence.blanks();
    if (blanks == 1) {
      return refusalToBegin(sentence);
    }
    return blanks == 0 ? "no_mask" : "several_masks";
  }

  private String refusalToBegin(Sentence sentence) {
    return sentence.before().isBlank() && prefixToken < 0 ? "object_first" : null;
  }

  @Override
  public Blank blank(Sentence sentence) {
    return new Prefix(sentence);
  }

  private final class Prefix implements Blank {
    private final String text;
    private final String before;
    private final String after;
    private final boolean spaced; // whether a space stands between what precedes and the object
    private final Tokens given;

    Prefix(Sentence sentence) {
      String whole = sentence.before();
      this.before = whole.replaceFirst(" +$", "");
      this.spaced = before.length() < whole.length();
      this.after = sentence.after();
      this.text = NOTHING_MORE.matcher(after).matches() ? before : sentence.text();
      Tokens ids = Tokens.of(tokenizer.encode(before, true));
      this.given = ids.isEmpty() ? Tokens.of(prefixToken) : ids;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public Place place() {
      return new Place.After(given);
    }

    /** The object with a space before it, after the prompt. */
    @Override
    public Scored spelled(String object) {
      Tokens tokens = words.tokens(object);
      return new Scored(
          List.of(new Request.Continuation(given, tokens)),
          tokens.size(),
          Normalisation.bytes(object));
    }

    /** The object and all that follows it: what precedes is the same for every object. */
    @Override
    public Scored filled(String object) {
      String rest = (spaced ? words.spaced(object) : object) + after;
      Tokens scored = ends.computeIfAbsent(rest, r -> Tokens.of(tokenizer.encode(r, false)));
      return new Scored(
          List.of(new Request.Continuation(given, scored)),
          scored.size(),
          Normalisation.bytes(object + after));
    }
  }
}
