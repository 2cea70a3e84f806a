from defib.reading.predictions import problems
from defib.words import Words


def test_every_sentence_of_this_room_is_there_in_both_languages_with_the_same_places():
    said = [one for one in vars(problems).values() if isinstance(one, Words)]
    assert len(said) > 20
    for words in said:
        english, chinese = words.placeholders()
        assert english == chinese
        assert words.en != words.zh
