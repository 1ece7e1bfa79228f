"""The forms in which the tests of this folder run."""

import pytest

from darts_tf.convolutional.forms.form import EDGES, FORMS
from tests.long_cases import with_long
from tests.variants import golden_variants


@pytest.fixture(scope="module", autouse=True, params=with_long(FORMS, [EDGES]))
def form(request):
    """The form of the search networks that `golden_variants` makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_variants, "form_of_networks", request.param)
        yield request.param
