package io.kerf.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX graph in the making. A value is known by its name: every method that computes adds one
 * node and returns the name of what it gives.
 */
final class Graph {
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_NAME = 3;
  private static final int NODE_OP_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;

  private final List<Message> nodes = new ArrayList<>();
  private final List<Initializer> initializers = new ArrayList<>();
  private final List<Message> inputs = new ArrayList<>();
  private final List<Message> outputs = new ArrayList<>();
  private final Set<String> names = new HashSet<>(); // of what is stored
  private final Map<String, String> constants = new HashMap<>(); // by type, shape and content
  private String scope = "";

  /** Nodes added from now on are named as part of that: "layers.3". */
  void enter(String newScope) {
    scope = newScope + "/";
  }

  // ---------------------------------------------------------------- what goes in and out

  /** An input; a dimension is a number or a name. */
  String input(String name, ElementType type, Object... dimensions) {
    inputs.add(valueInfo(name, type, dimensions));
    return name;
  }

  /** Gives a value out under that name. */
  void output(String name, String value, ElementType type, Object... dimensions) {
    nodes.add(node("Identity", List.of(value), List.of(name)));
    outputs.add(valueInfo(name, type, dimensions));
  }

  private static Message valueInfo(String name, ElementType type, Object... dimensions) {
    Message shape = new Message();
    for (Object dimension : dimensions) {
      Message proto = new Message();
      if (dimension instanceof String symbol) {
        proto.text(2, symbol);
      } else {
        proto.number(1, ((Number) dimension).longValue());
      }
      shape.message(1, proto);
    }
    Message tensor = new Message().number(1, type.number()).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  // ---------------------------------------------------------------- what is stored

  /** Stores a tensor under its name, or, where another has that, under one like it. */
  String store(Initializer initializer) {
    Initializer named = initializer;
    for (int other = 2; !names.add(named.name()); other++) {
      named = initializer.withName(initializer.name() + "." + other);
    }
    initializers.add(named);
    return named.name();
  }

  /** A vector of whole numbers. */
  String longs(long... values) {
    return constant(ElementType.INT64, List.of((long) values.length), longBytes(values));
  }

  /** A whole number without dimensions. */
  String scalar(long value) {
    return constant(ElementType.INT64, List.of(), longBytes(value));
  }

  /** A float32 number without dimensions. */
  String scalar(double value) {
    return constant(ElementType.FLOAT32, List.of(), floatBytes((float) value));
  }

  /** A vector of float32 numbers. */
  String floats(float... values) {
    return constant(ElementType.FLOAT32, List.of((long) values.length), floatBytes(values));
  }

  /** A small stored tensor; equal ones are stored once. */
  String constant(ElementType type, List<Long> dimensions, byte[] bytes) {
    return constants.computeIfAbsent(
        type + " " + dimensions + " " + Arrays.toString(bytes),
        key ->
            store(
                new Initializer(
                    "constant_" + constants.size(),
                    type,
                    dimensions,
                    out -> out.bytes(bytes, bytes.length))));
  }

  private static byte[] longBytes(long... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values);
    return buffer.array();
  }

  private static byte[] floatBytes(float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  // ---------------------------------------------------------------- what is computed

  /** A node of one output. */
  String op(String type, List<String> arguments, Attribute... attributes) {
    String output = scope + type + "_" + nodes.size();
    nodes.add(node(type, arguments, List.of(output), attributes));
    return output;
  }

  private Message node(
      String type, List<String> arguments, List<String> results, Attribute... attributes) {
    Message node = new Message();
    arguments.forEach(name -> node.text(NODE_INPUT, name));
    results.forEach(name -> node.text(NODE_OUTPUT, name));
    node.text(NODE_NAME, "node/" + results.get(0)).text(NODE_OP_TYPE, type);
    for (Attribute attribute : attributes) {
      node.message(NODE_ATTRIBUTE, attribute.proto());
    }
    return node;
  }

  String add(String a, String b) {
    return op("Add", List.of(a, b));
  }

  String subtract(String a, String b) {
    return op("Sub", List.of(a, b));
  }

  String multiply(String a, String b) {
    return op("Mul", List.of(a, b));
  }

  String divide(String a, String b) {
    return op("Div", List.of(a, b));
  }

  /** A product with a number; none where it is 1. */
  String scale(String x, double factor) {
    return factor == 1 ? x : multiply(x, scalar(factor));
  }

  String product(String a, String b) {
    return op("MatMul", List.of(a, b));
  }

  String cast(String x, ElementType type) {
    return op("Cast", List.of(x), Attribute.of("to", type.number()));
  }

  String reshape(String x, String shape) {
    return op("Reshape", List.of(x, shape));
  }

  /** A shape of constants, where 0 keeps a dimension and -1 takes what is left. */
  String reshape(String x, long... shape) {
    return reshape(x, longs(shape));
  }

  String transpose(String x, long... axes) {
    return op("Transpose", List.of(x), Attribute.of("perm", axes));
  }

  String concat(int axis, String... parts) {
    return op("Concat", List.of(parts), Attribute.of("axis", axis));
  }

  String gather(String from, String indices, int axis) {
    return op("Gather", List.of(from, indices), Attribute.of("axis", axis));
  }

  String unsqueeze(String x, long... axes) {
    return op("Unsqueeze", List.of(x, longs(axes)));
  }

  /** Elements from start to end - 1 along an axis; both are vectors of one number. */
  String slice(String x, String start, String end, long axis) {
    return op("Slice", List.of(x, start, end, longs(axis)));
  }

  /** The size of one dimension, as a vector of one number. */
  String size(String x, int dimension) {
    return op(
        "Shape",
        List.of(x),
        Attribute.of("start", (long) dimension),
        Attribute.of("end", dimension + 1L));
  }

  // ---------------------------------------------------------------- the finished message

  List<Initializer> initializers() {
    return List.copyOf(initializers);
  }

  List<Message> nodes() {
    return List.copyOf(nodes);
  }

  List<Message> inputs() {
    return List.copyOf(inputs);
  }

  List<Message> outputs() {
    return List.copyOf(outputs);
  }
}
