"""Texts of templates that never change are translated once, when the template is compiled, and not on each page."""

from typing import Any

from jinja2 import nodes
from jinja2.ext import InternationalizationExtension


class FoldedTexts(InternationalizationExtension):
    """`{% trans %}` as ever; one without variables becomes plain text. Each language has an environment of its own,

    whose `translate` must be set before its first template is compiled.
    """

    def _make_node(
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,
        num_called_num: bool,
    ) -> nodes.Output:
        if plural is None and context is None and not vars_referenced and not variables:
            text = self.environment.translate(singular) % {}  # type: ignore[attr-defined]  # %% stands for %
            return nodes.Output([nodes.TemplateData(text)])
        make: Any = super()._make_node
        found: nodes.Output = make(singular, plural, context, variables, plural_expr, vars_referenced, num_called_num)
        return found
