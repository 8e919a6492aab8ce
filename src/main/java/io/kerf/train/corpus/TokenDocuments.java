package io.kerf.train.corpus;

import java.util.function.Consumer;

/** Documents in tokens, one after another, however many there are. */
public interface TokenDocuments {
  /** What they come from, in a hash: the same hash is the same tokens. */
  String sha256();

  /** What they are, for lineage and tables: "wiki.valid.tokens". */
  String label();

  /** Gives each document's ids to the consumer, in order. */
  void forEach(Consumer<int[]> document);
}
