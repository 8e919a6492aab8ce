package io.kerf.onnx;

import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;

/** What graphs of all families are made with: a model, and its weights by role. */
abstract class ModelGraph {
  static final String BATCH = "batch";
  static final String SEQUENCE = "sequence";
  static final int OUTSIDE = -1; // the index of what is in no block

  final Model model;
  final Graph graph = new Graph();
  final GraphWeights weights;
  final Layers layers;

  ModelGraph(Model model, OnnxOptions options) {
    this.model = model;
    this.weights = new GraphWeights(graph, options);
    this.layers = new Layers(graph, weights, model.config().normEpsilon());
  }

  /** Adds the whole forward pass, from inputs to outputs. */
  abstract Graph build();

  /** Token ids (B, T) or a mask. */
  String input(String name, String length) {
    return graph.input(name, ElementType.INT64, BATCH, length);
  }

  /** The token embedding of ids (B, T), laid end to end: (N, width). */
  String tokens(String ids) {
    return graph.scale(lookUp(Role.TOKEN_EMBEDDING, ids), model.config().embeddings().scale());
  }

  /** Rows of a shared embedding, laid end to end: ids (B, T) -> (N, width). */
  String lookUp(Role role, String ids) {
    String rows = graph.gather(values(role), ids, 0);
    return graph.reshape(rows, -1, shared(role).weight().shape().columns());
  }

  /** The values of a shared matrix. */
  String values(Role role) {
    return weights.values(name(role, OUTSIDE) + ".weight", shared(role).weight());
  }

  /** The linear layer of that role outside the blocks. */
  String linear(String x, Role role) {
    return layers.linear(x, name(role, OUTSIDE), shared(role));
  }

  /** The linear layer of that role in a block. */
  String linear(String x, Role role, int block) {
    return layers.linear(x, name(role, block), block(block).parameter(role));
  }

  /**
   * From hidden states (N, D) to the output "logits" (B, T, V).
   *
   * @param length how T is called
   */
  void logits(String hidden, Sequences sequences, String length) {
    Parameter own = model.shared().get(Role.HEAD);
    Parameter head =
        own != null && own.weight() != null
            ? own
            : new Parameter(shared(Role.TOKEN_EMBEDDING).weight(), own == null ? null : own.bias());
    graph.enter("head");
    Config.Head config = model.config().head();
    String scaled = graph.scale(hidden, config.scale());
    String logits =
        layers.softCap(layers.linear(scaled, name(Role.HEAD, OUTSIDE), head), config.softCap());
    String shape =
        graph.concat(
            0, sequences.batch(), sequences.tokens(), graph.longs(model.config().vocabulary()));
    graph.output(
        "logits",
        graph.reshape(logits, shape),
        ElementType.FLOAT32,
        BATCH,
        length,
        model.config().vocabulary());
  }

  Block block(int index) {
    return model.blocks().get(index);
  }

  int blocks() {
    return model.blocks().size();
  }

  Parameter shared(Role role) {
    Parameter parameter = model.shared().get(role);
    if (parameter == null) {
      throw new IllegalArgumentException(model.lineage().name() + " has no " + role);
    }
    return parameter;
  }

  String name(Role role, int block) {
    return model.layerName(role, block);
  }
}
