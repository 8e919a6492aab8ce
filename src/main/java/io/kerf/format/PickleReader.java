package io.kerf.format;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Python's pickle format as data alone: a stack machine of which every instruction that would look
 * up or call something goes to a {@link Calls} that knows a few names. No code is ever run.
 *
 * <p>Values become String, Long, BigInteger, Double, Boolean, null, List (lists and tuples), Map
 * (with String or Long keys) and whatever {@link Calls} makes.
 */
final class PickleReader {
  /** What a global name stands for; see {@link Calls}. */
  record Global(String name) {}

  /** The few things that a pickle may refer to. */
  interface Calls {
    /** Whether this global name, "collections.OrderedDict", is known and harmless. */
    boolean knows(String name);

    /** What a call of a known name makes. */
    Object call(String name, List<?> arguments);

    /** What a persistent id stands for. */
    Object load(List<?> persistentId);
  }

  private static final int MAX_NAME_BYTES = 256;
  private static final int MAX_PROTOCOL = 5;

  private final FileRegion region;
  private final HeaderCursor cursor;
  private final Calls calls;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private PickleReader(FileRegion region, HeaderCursor cursor, Calls calls) {
    this.region = region;
    this.cursor = cursor;
    this.calls = calls;
  }

  /**
   * Reads one pickle; the cursor then stands behind it.
   *
   * @param region what the cursor reads, for errors
   */
  static Object read(FileRegion region, HeaderCursor cursor, Calls calls) {
    PickleReader reader = new PickleReader(region, cursor, calls);
    while (reader.step()) {}
    return reader.pop();
  }

  private boolean step() {
    int code = cursor.int8("pickle instruction") & 0xff;
    switch (code) {
      case 0x80 -> protocol(cursor.int8("pickle protocol") & 0xff);
      case 0x95 -> cursor.int64("pickle frame"); // frames only help those who read ahead
      case '.' -> {
        return false;
      }
      case '(' -> marks.push(stack.size());
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> stack.add(peek());
      case 'N' -> stack.add(null);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) (cursor.int8("BININT1") & 0xff));
      case 'M' -> stack.add((long) (cursor.int16("BININT2") & 0xffff));
      case 'J' -> stack.add((long) cursor.int32("BININT"));
      case 0x8a -> stack.add(wholeNumber(cursor.int8("LONG1") & 0xff));
      case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(cursor.int64("BINFLOAT"))));
      case 'U' -> stack.add(cursor.text("SHORT_BINSTRING", cursor.int8("text length") & 0xff));
      case 'T' -> stack.add(cursor.text("BINSTRING", cursor.int32("text length")));
      case 0x8c -> stack.add(cursor.text("SHORT_BINUNICODE", cursor.int8("text length") & 0xff));
      case 'X' -> stack.add(cursor.text("BINUNICODE", cursor.int32("text length") & 0xffffffffL));
      case 0x8d -> stack.add(cursor.text("BINUNICODE8", cursor.int64("text length")));
      case ')' -> stack.add(List.of());
      case 't' -> stack.add(Collections.unmodifiableList(popToMark()));
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case ']' -> stack.add(new ArrayList<>());
      case 'l' -> stack.add(popToMark());
      case 'a' -> append(popAll(1));
      case 'e' -> append(popToMark());
      case '}' -> stack.add(new LinkedHashMap<>());
      case 'd' -> dictionary(popToMark());
      case 's' -> put(popAll(2));
      case 'u' -> put(popToMark());
      case 'q' -> memo.put(cursor.int8("BINPUT") & 0xff, peek());
      case 'r' -> memo.put(cursor.int32("LONG_BINPUT"), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> stack.add(remembered(cursor.int8("BINGET") & 0xff));
      case 'j' -> stack.add(remembered(cursor.int32("LONG_BINGET")));
      case 'c' -> global(line(), line());
      case 0x93 -> stackGlobal(popAll(2));
      case 'R' -> call(popAll(2));
      case 'b' -> build(pop());
      case 'Q' -> stack.add(calls.load(list("persistent id", pop())));
      default ->
          throw region.wrong(
              "pickle instruction 0x%02x at byte %d is not one that weights need"
                  .formatted(code, cursor.position() - 1));
    }
    return true;
  }

  private void protocol(int version) {
    if (version > MAX_PROTOCOL) {
      throw region.wrong("pickle protocol is " + version + ", at most 5 is understood");
    }
  }

  private Object wholeNumber(int bytes) {
    byte[] little = cursor.bytes("LONG1", bytes);
    byte[] big = new byte[bytes + 1]; // one more, since BigInteger wants at least one
    for (int i = 0; i < bytes; i++) {
      big[bytes - i] = little[i];
    }
    big[0] = (byte) (bytes > 0 && little[bytes - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(big);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private void tuple(int size) {
    stack.add(Collections.unmodifiableList(popAll(size)));
  }

  @SuppressWarnings("unchecked") // only this reader makes lists that can be written
  private void append(List<Object> items) {
    if (!(peek() instanceof ArrayList<?> list)) {
      throw wrong("appends to what is no list");
    }
    ((List<Object>) list).addAll(items);
  }

  private void dictionary(List<Object> items) {
    stack.add(new LinkedHashMap<>());
    put(items);
  }

  @SuppressWarnings("unchecked") // only this reader and OrderedDict make maps
  private void put(List<Object> items) {
    if (!(peek() instanceof Map<?, ?> map) || items.size() % 2 != 0) {
      throw wrong("sets items of what is no dictionary");
    }
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      if (!(key instanceof String || key instanceof Long)) {
        throw wrong("uses a dictionary key that is neither text nor a whole number");
      }
      if (((Map<Object, Object>) map).put(key, items.get(i + 1)) != null) {
        throw wrong("sets the dictionary key '" + key + "' twice");
      }
    }
  }

  private Object remembered(int index) {
    if (!memo.containsKey(index)) {
      throw wrong("refers to memo " + index + ", which was not set");
    }
    return memo.get(index);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (int next; (next = cursor.int8("global name") & 0xff) != '\n'; ) {
      if (line.length() == MAX_NAME_BYTES) {
        throw wrong("names a global of more than " + MAX_NAME_BYTES + " characters");
      }
      line.append((char) next);
    }
    return line.toString();
  }

  private void stackGlobal(List<Object> names) {
    if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
      throw wrong("names a global by what is no text");
    }
    global(module, name);
  }

  private void global(String module, String name) {
    String full = module + "." + name;
    if (!calls.knows(full)) {
      throw new FormatException(
          region.name()
              + ": the pickle wants '"
              + full
              + "', which is no part of plain weights and is not run; save the weights alone:"
              + " torch.save(model.state_dict(), ...) or safetensors");
    }
    stack.add(new Global(full));
  }

  private void call(List<Object> functionAndArguments) {
    if (!(functionAndArguments.get(0) instanceof Global global)) {
      throw wrong("calls what is no known name");
    }
    stack.add(calls.call(global.name, list("arguments", functionAndArguments.get(1))));
  }

  /** An OrderedDict may carry attributes ("_metadata"): they say nothing about weights. */
  private void build(Object state) {
    if (!(peek() instanceof Map && state instanceof Map)) {
      throw wrong("sets the state of what is no dictionary");
    }
  }

  private List<?> list(String what, Object value) {
    if (!(value instanceof List<?> list)) {
      throw wrong("gives a " + what + " that is no tuple");
    }
    return list;
  }

  private Object peek() {
    requireAboveMark(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    requireAboveMark(1);
    return stack.remove(stack.size() - 1);
  }

  private List<Object> popAll(int count) {
    requireAboveMark(count);
    return cut(stack.size() - count);
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw wrong("lacks a mark");
    }
    return cut(marks.pop());
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  private void requireAboveMark(int count) {
    int floor = marks.isEmpty() ? 0 : marks.peek();
    if (stack.size() - floor < count) {
      throw wrong("takes more from its stack than is there");
    }
  }

  private FormatException wrong(String what) {
    return region.wrong("the pickle " + what + ", before byte " + cursor.position());
  }
}
