package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.Libtorch;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Prefill and decode in every weight format: many tokens at once, where arithmetic is the limit,
 * and one at a time, where reading the weights is.
 */
final class Kernels {
  private record Case(int threads, WeightFormat format) {}

  private static final int PROMPT = 16; // tokens before those that are decoded

  private final Sessions sessions;
  private final int newTokens;
  private final int[] prompt;
  private final List<TokenTree> sequence;
  private final List<Target> last;
  private final Map<Case, Samples> prefill = new LinkedHashMap<>();
  private final Map<Case, Samples> decode = new LinkedHashMap<>();

  /**
   * Prepares.
   *
   * @param tokens prefilled at once
   * @param newTokens decoded
   */
  Kernels(Sessions sessions, int tokens, int newTokens) {
    this.sessions = sessions;
    this.newTokens = newTokens;
    int[] ids = new Random(0).ints(tokens, 0, sessions.model().config().vocabulary()).toArray();
    this.prompt = Arrays.copyOf(ids, Math.min(PROMPT, tokens));
    this.sequence = List.of(TokenTree.chain(ids));
    this.last = List.of(new Target(0, tokens - 1, 0));
  }

  /** Runs everything once, so that what happens only once is over. */
  void warmUp() {
    for (WeightFormat format : sessions.inTurn(0)) {
      prefill(format);
      decode(format, newTokens);
    }
  }

  /** Measures every format once. */
  void round(int threads, int round) {
    Libtorch.threads(threads);
    for (WeightFormat format : sessions.inTurn(round)) {
      Case at = new Case(threads, format);
      prefill.computeIfAbsent(at, any -> new Samples()).add(prefill(format));
      // One token needs the prompt's prefill alone; what more tokens take longer is decoding.
      double less = decode(format, 1);
      double more = decode(format, 1 + newTokens);
      decode.computeIfAbsent(at, any -> new Samples()).add((more - less) / newTokens);
    }
  }

  /** Seconds of each prefill in that format. */
  Samples prefills(WeightFormat format, int threads) {
    return prefill.get(new Case(threads, format));
  }

  /** Seconds of each token decoded in that format. */
  Samples decodes(WeightFormat format, int threads) {
    return decode.get(new Case(threads, format));
  }

  private double prefill(WeightFormat format) {
    DecoderSession session = sessions.in(format);
    return Samples.seconds(() -> session.score(sequence, last));
  }

  private double decode(WeightFormat format, int tokens) {
    DecoderSession session = sessions.in(format);
    return Samples.seconds(() -> session.generate(prompt, tokens, false));
  }

  /** Times, ratios and shares of prefill. */
  Table prefillTable(Limits limits) {
    double operations = new Effort(sessions.model()).prefillOperations(sequence.get(0).size());
    Table table =
        new Table(
            "Prefill of %d tokens, head at the last (%.1f thousand million operations)"
                .formatted(sequence.get(0).size(), operations * 1e-9));
    columns(table, "GOP/s", "share of arithmetic limit");
    prefill.forEach(
        (at, seconds) ->
            row(table, at, prefill, operations, limits.rate(Limit.of(at.format), at.threads)));
    return table;
  }

  /** Times, ratios and shares of decoding, a token. */
  Table decodeTable(Limits limits) {
    Effort effort = new Effort(sessions.model());
    Table table =
        new Table(
            "Decoding, a token (%d after a prompt of %d)".formatted(newTokens, prompt.length));
    columns(table, "GB/s", "share of memory limit");
    decode.forEach(
        (at, seconds) ->
            row(
                table,
                at,
                decode,
                effort.decodeBytes(at.format),
                limits.rate(Limit.MEMORY, at.threads)));
    return table;
  }

  private static void columns(Table table, String rate, String share) {
    table
        .column("threads", "%d")
        .column("weights")
        .column("ms", "%.1f")
        .column("x float32", "%.2f")
        .column(rate, "%.1f")
        .column(share, "%.2f");
  }

  private static void row(
      Table table, Case at, Map<Case, Samples> all, double amount, double limit) {
    Samples seconds = all.get(at);
    double rate = amount / seconds.median();
    table.row(
        at.threads,
        at.format.label(),
        seconds.median() * 1e3,
        seconds.timesFasterThan(all.getOrDefault(plain(at), new Samples())),
        rate * 1e-9,
        rate / limit);
  }

  private static Case plain(Case at) {
    return new Case(at.threads, WeightFormat.FLOAT32);
  }
}
