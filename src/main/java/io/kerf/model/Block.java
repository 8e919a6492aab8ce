package io.kerf.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * One transformer block.
 *
 * @param stack which stack it is in
 * @param origin its index in that stack of the model as loaded, kept when other blocks are removed
 * @param parameters by role, in the roles' order
 */
public record Block(Stack stack, int origin, Map<Role, Parameter> parameters) {
  public Block {
    Objects.requireNonNull(stack, "stack");
    parameters = Collections.unmodifiableMap(new EnumMap<>(parameters));
  }

  /**
   * The parameter of that role.
   *
   * @throws IllegalArgumentException if this block has none
   */
  public Parameter parameter(Role role) {
    Parameter parameter = parameters.get(role);
    if (parameter == null) {
      throw new IllegalArgumentException(stack.label() + " block " + origin + " has no " + role);
    }
    return parameter;
  }

  /** This block with one parameter replaced; the others are shared. */
  public Block with(Role role, Parameter parameter) {
    Map<Role, Parameter> changed = new EnumMap<>(parameters);
    changed.put(role, parameter);
    return new Block(stack, origin, changed);
  }
}
