"""The sentences of what surveys refuse."""

from flask_babel import lazy_gettext as _l

from portal.core.sentences import Cases

SENTENCES = {
    # What a questionnaire must agree on, in files and in the editor.
    "survey-key": _l(
        "“%(key)s” cannot be a key. Use up to %(most)s letters a-z, digits, hyphens and underscores, beginning with a"
        " letter or digit."
    ),
    "survey-column-key": _l(
        "“%(key)s” cannot be the key of a question or group, as files of answers use it as the name of a column. Begin"
        " it with a letter and use letters a-z, digits and underscores."
    ),
    "survey-key-reserved": _l("“%(key)s” is a column of every file of answers. Choose another key."),
    "choice-key": _l(
        "“%(key)s” cannot be the key of an answer. Use up to %(most)s characters without semicolons and without @ at"
        " the start, and none of these words: %(missing)s."
    ),
    "survey-number": _l("This must be a number with at most 12 decimals. Write it like 5 or like “0.8”."),
    "survey-section-unknown": _l("There is no section “%(key)s”. Add it, or name another one."),
    "survey-item-unknown": _l("There is no question “%(key)s”. Name one that is there."),
    "scale-steps": _l(
        "A scale from %(least)s to %(most)s cannot be answered by a tap. Use 2 to %(steps)s steps between -100 and 100."
    ),
    "labels-count": _l(
        "There are words for %(labels)s steps, and the scale has %(steps)s. Write words for each step, or for none."
    ),
    "labels-not-offered": _l("Only questions on a scale have words for steps. Take these words out."),
    "range-not-offered": _l("Only scales and numbers have a lowest and a highest answer. Take this one out."),
    "range-upside-down": _l(
        "The lowest answer, %(least)s, is not below the highest, %(most)s. Correct one of the two."
    ),
    "choices-not-offered": _l("Only questions with one or several choices have choices. Take them out."),
    "condition-circular": _l(
        "Whether this question is shown would depend on itself, by way of “%(key)s”. Let one of them be shown always."
    ),
    "condition-forwards": _l("“%(key)s” is asked later than this question. Move it further up, or choose another one."),
    "condition-random": _l(
        "“%(key)s” stands in the same section, whose questions come in random order. Move one of the two to another"
        " section."
    ),
    "condition-on-text": _l("“%(key)s” is answered in free text, which no condition can rest on. Choose another one."),
    "condition-value": _l("“%(value)s” is no answer to “%(key)s”. Name answers that can be given to it."),
    "scale-item-kind": _l(
        "“%(key)s” is neither a question on a scale nor a number, so it cannot be averaged. Take it out of the scale."
    ),
    "scale-share": _l("%(value)s is no share of answered questions. Use a number above 0 and up to 1, such as “0.8”."),
    "reverse-not-in-scale": _l(
        "“%(key)s” is marked as reversed and is not among the questions of the scale. Add it to them, or take the mark"
        " away."
    ),
    "reverse-without-range": _l(
        "“%(key)s” cannot be reversed without a lowest and a highest answer. State both, or take the mark away."
    ),
    "pairing-not-by-code": _l("Only pairing by a code has elements of a code. State that method, or take this out."),
    "survey-text-missing": _l("The text is missing in the language “%(language)s”. Write it."),
    "survey-without-items": _l("Nothing is asked yet. Add at least one question."),
    "survey-file-too-large": _l(
        "The file %(name)s is larger than the file of a questionnaire ever is. Check that it is the right one."
    ),
    "survey-file-other": _l(
        "The file %(name)s is no questionnaire. Choose one that was downloaded from the page of a survey, or a text"
        " file (TOML in UTF-8) that is written like docs/instrument.toml."
    ),
    # Versions of a questionnaire.
    "study-key-taken": _l("This project has a survey “%(key)s” already. Choose another key."),
    "study-has-draft": _l(
        "A new version can only be begun of a published questionnaire that has no draft. Publish or remove the draft."
    ),
    "study-first-version": _l("This is the first version, so there are no older questions to compare with."),
    "study-draft-differs": _l(
        "The survey “%(key)s” has a draft that asks something else than the file. Publish or remove the draft first."
    ),
    "study-published-differs": _l(
        "The survey “%(key)s” is published and asks something else than the file. Begin a new version in the portal, so"
        " that it is known which questions measure the same."
    ),
    "version-unchanged": _l("This version asks what the published one asks. Change it, or remove the draft."),
    "mapping-differs": _l(
        "The answers to “%(old)s” and “%(new)s” cannot be compared, as kind, scale or choices differ. Say that nothing"
        " measures the same."
    ),
    # Answering.
    "survey-link-unknown": _l(
        "This link or personal code leads to no survey, or it has been used already: what was answered with it is"
        " stored once. Compare it with what you were given."
    ),
    "survey-screen-unknown": _l("The survey has no such page. Go back to its beginning."),
    "sitting-over": _l(
        "Your answers are not on this device any more. If you have sent them, they are stored, and there is nothing"
        " more to do. Otherwise a week has passed or your browser keeps no cookies: open the survey"
        " again and begin anew."
    ),
    "survey-empty": _l("Nothing is answered yet. Go back and answer at least one question, then send."),
    "wave-planned": _l("The survey does not take answers yet. Come back when it is open."),
    "wave-closed": _l("The survey takes no more answers. Nothing was stored."),
    "answer-required": _l("This question needs an answer. Answer it, then go on."),
    "paper-group-open": _l(
        "The paper leaves open what must be answered. Choose what is known from where the form was handed out, or set"
        " the form aside and do not type it in."
    ),
    "response-group-open": _l("No answer is stored without this. Fill the cell in, or take the row out of the file."),
    "answer-off-scale": _l("Choose one of the steps from %(least)s to %(most)s."),
    "answer-not-offered": _l("This is none of the answers that are offered. Choose one of them."),
    "answer-several": _l("Choose one answer only."),
    "answer-and-none": _l("Give an answer or say why there is none, not both."),
    "answer-not-number": _l("Enter a number in digits, for example 12 or 2.5."),
    "answer-too-small": _l("Enter a number of at least %(least)s."),
    "answer-too-large": _l("Enter a number of at most %(most)s."),
    "answer-too-long": _l("Shorten this to %(most)s characters."),
    "answer-not-printable": _l("This text holds a control character. Type the text again without it."),
    "answer-hidden": _l("The other answers leave this question out. Leave it empty."),
    "answer-unknown-item": _l("The survey does not ask this here. Go back to its beginning."),
    "code-too-long": _l("Enter at most %(most)s letters or digits."),
    "code-not-letter": _l("Enter one letter only."),
    "code-not-number": _l("Enter a number from %(least)s to %(most)s."),
    "code-not-asked": _l("The survey does not ask for this part of the code. Leave it empty."),
    "codes-number": _l("Make from 1 to %(most)s codes at once."),
    # Files of responses, paper forms and fieldwork.
    "response-wave-unknown": _l(
        "The published survey “%(study)s” has no wave “%(wave)s”. Choose one of its waves: %(allowed)s."
    ),
    "response-no-items": _l("The file has no column of a question. Add at least one of: %(allowed)s."),
    "response-other-file": _l(
        "Another file has brought answers without respondents into this wave. If this is the same file saved anew, "
        "discard it: its answers would count twice."
    ),
    "response-other-wave": _l(
        "This same file has brought answers into the wave “%(wave)s” of this survey already. If it belongs there"
        " alone, discard it here; if it is stored by now, undo this import on its page."
    ),
    "response-wave-planned": _l(
        "The wave “%(wave)s” is not open yet. If these answers belong to another wave, discard the file here and choose"
        " that one."
    ),
    "response-not-offered": _l("This is none of the answers that are offered. Use one of: %(allowed)s."),
    "response-missing-not-offered": _l(
        "This question offers neither dk nor refused. Write what was answered, or leave the cell empty."
    ),
    "respondent-unreadable": _l(
        "This may name a person. Write a number or a code of at most %(most)s signs, without spaces and @."
    ),
    "weight-unreadable": _l(
        "“%(value)s” is not a weight. Write a number above 0 and up to %(most)s with a point, such as 0.85."
    ),
    "group-level-unknown": _l("“%(value)s” is not a level of this group. Use one of: %(allowed)s."),
    "paper-unknown": _l("No paper form with this number has been typed in this wave."),
    "paper-empty": _l(
        "No question is answered. Type in at least one answer, or set the form aside if nothing is answered on it."
    ),
    "paper-too-small": _l("Enter a number of at least %(least)s. If the paper says less, leave it empty."),
    "paper-too-large": _l("Enter a number of at most %(most)s. If the paper says more, leave it empty."),
    "paper-choose": _l("Look at the paper and choose which typing is right."),
    "paper-other-version": _l(
        "The wave asks another version of the questionnaire since you opened this page. Compare the paper with these"
        " questions, and keep the typing only if it asks them."
    ),
    "paper-typed-by-you": _l("You have typed in form %(number)s already. Someone else must type it the second time."),
    "paper-typed-twice": _l("Form %(number)s has been typed in twice already. Check the number on the paper."),
    "paper-once": _l(
        "This form has been typed in only once, so there is nothing to settle. Let someone type it again."
    ),
    "paper-stored": _l("The answers of form %(number)s are stored already. Check the number on the paper."),
    "paper-stale": _l(
        "Someone else has typed or settled this form since you opened it. Open the list to see how it is."
    ),
    "fieldwork-unknown": _l("This note is not in the wave’s log. It may have been removed."),
    "fieldwork-stale": _l("Someone else has changed this note since you opened it. Compare, then save again."),
    "fieldwork-of-others": _l(
        "Somebody else wrote this note. They can change or remove it, and so can the manager and the researcher."
    ),
    "fieldwork-more-returned": _l(
        "In all, %(returned)s forms would be returned in this wave and only %(handed_out)s handed out. Correct one of"
        " the numbers, or note the day on which the others were handed out first."
    ),
    "fieldwork-place-missing": _l("Say where it was: a town or a kind of place, without names of people."),
    "study-frozen": _l("The questionnaire is published, so it changes no more. Begin a new version of it first."),
    "study-other-project": _l(
        "The file belongs to project %(stated)s, not to %(code)s. Choose another file, or mend the project in it."
    ),
    "study-version-unknown": _l("This survey has no such version. Choose one on the page of the survey."),
    "part-gone": _l("This part of the questionnaire is not there any more. Go back to the questionnaire."),
    "choice-line": _l(
        "Write each answer on a line of its own as key = words, such as yes = Yes. This is not so: %(line)s"
    ),
    "condition-values": _l("Say after which answers it is shown, such as yes; no. Or choose to always show it."),
    "not-a-number": _l("Enter a number, such as 3 or 2.5."),
    "wave-stale": _l("Someone else has changed this wave since you opened it. Compare, then save again."),
    "wave-decision": _l("Choose to open the wave, to close it, or to leave it to its days."),
    "wave-used": _l(
        "Something was answered, handed out or noted in wave %(wave)s, so it stays. Close it to take no more answers."
    ),
    "wave-first-day-missing": _l("Enter the first day, too, or leave both days empty to open the wave by hand."),
    "wave-days": _l("The last day %(last)s is before the first, %(first)s. Enter a later one."),
    # What an indicator looks at.
    "measured-study": _l("There is no survey “%(key)s” yet. This project has these surveys: %(keys)s."),
    "measured-no-study": _l("There is no survey “%(key)s” yet, nor any other in this project. Make it first."),
    "measured-wave": _l("The survey “%(study)s” has no wave “%(key)s”. It has these waves: %(keys)s."),
    "measured-no-wave": _l("The survey “%(study)s” has no wave “%(key)s”, nor any other yet. Add it first."),
    "measured-scale": _l("The survey “%(study)s” has no scale “%(key)s”. It has these scales: %(keys)s."),
    "measured-no-scale": _l(
        "The survey “%(study)s” has no scale “%(key)s”, nor any other. Add it, or name a question."
    ),
    "measured-item": _l("The survey “%(study)s” has no question “%(key)s”. It has these questions: %(keys)s."),
    "measured-no-item": _l("The survey “%(study)s” has no question “%(key)s”, nor any other yet. Add it first."),
    "measured-text": _l("Answers to “%(key)s” are texts: they have neither a mean nor a share. Name another question."),
    "measured-without-mean": _l(
        "Answers to “%(key)s” have no mean. Choose the share in per cent, or another question."
    ),
    "measured-without-share": _l("Answers to “%(key)s” have no share. Choose the mean, or another question."),
    "target-outside": _l(
        "This figure can only lie between %(least)s and %(most)s. Enter a target from %(least)s to %(most)s."
    ),
    "target-below": _l("This figure cannot be less than %(least)s. Enter a target from %(least)s on."),
    "target-above": _l("This figure cannot be more than %(most)s. Enter a target up to %(most)s."),
    # Why an indicator of a survey is not reported.
    "silent-unasked": _l("Not reported: this wave asks nothing yet. Publish the questionnaire first."),
    "silent-not-begun": _l("Not reported: this wave had not begun by %(day)s. Choose a later day."),
    "silent-few": _l(
        "Not reported: fewer than %(least)s people have answered in this wave so far. No figure is made of so few."
    ),
    "silent-few-here": _l(
        "Not reported: of those who answered in this wave, fewer than %(least)s answered this. No figure is made of so"
        " few."
    ),
    "silent-not-analysed": _l(
        "Not reported: the answers are not analysed yet. Open the results of the survey and analyse them."
    ),
    "silent-undated": _l(
        "Not reported: this wave states no days, so it counts from %(day)s on, when it was analysed. Choose a later"
        " day."
    ),
    "silent-not-asked": _l("Not reported: this wave did not ask this. Choose another wave, scale or question."),
    "silent-outdated": _l(
        "Not reported: answers have come or gone since they were analysed. Open the results of the survey and analyse"
        " them again."
    ),
    "silent-nothing": _l("Not reported: the answers give no such figure. Choose another figure, scale or question."),
    "study-unknown": _l("There is no such survey in this project."),
    "study-unknown-anywhere": _l("There is no survey with the key %(key)s. Check the key, or name another project."),
    "study-ambiguous": _l("Several projects have a survey with this key. Name one of them: %(projects)s."),
    "study-unpublished": _l("The questionnaire of this survey is not published yet. Publish it first."),
    "study-stale": _l("Someone else has changed this survey since you opened it. Compare, then save again."),
    "margins-stale": _l("Someone else has changed the shares since you opened them. Compare, then save again."),
    "margin-group-unknown": _l("“%(key)s” is no group that the questionnaire asks for. Use one of: %(allowed)s."),
    "margin-share-missing": _l(
        "The share of this answer is missing. Enter it, 0 if it is not known, or leave the whole group empty."
    ),
    "margin-source-missing": _l("Say where the shares come from, such as the statistical office, the table and year."),
    "margin-sum": Cases(
        less=_l("The shares add up to %(sum)s %%; %(miss)s are missing to 100 %%. Correct them."),
        more=_l("The shares add up to %(sum)s %%; that is %(miss)s more than 100 %%. Correct them."),
    ),
    "wave-unknown": _l("There is no such wave in this survey."),
    "responses-few": _l(
        "Fewer than %(least)s people have answered in this wave, so its answers are not handed out: somebody could be"
        " recognised. Come back when more have answered."
    ),
    "responses-open": _l(
        "The answers of this wave are handed out once it takes no more answers: files that are taken one after the"
        " other would tell what was answered between them. Close the wave, or come back after its last day."
    ),
    "study-language-unknown": _l("This survey is not asked in that language. Choose one of these: %(allowed)s."),
    "wave-unpublished": _l("The questionnaire of this wave is not published yet. Publish it first."),
    "analysis-few": _l(
        "Fewer than %(least)s answers of a wave are new, gone or replaced since the last analysis, and people still"
        " answer: who compares both results would know what these few said. Analyse again once there are %(least)s, or"
        " when no wave takes answers any more."
    ),
    "analysis-tells-of-few": _l(
        "Results made anew would tell what fewer than %(least)s people said. If the results are wrong without it, tick"
        " this, and send the new reports in place of those of before."
    ),
    "analysis-held": _l(
        "Fewer than %(least)s answers of a wave have changed since: results made anew would tell what these few said."
        " If they are wrong without it, say --despite-few and withdraw the reports of before."
    ),
    "analysis-missing": _l("The answers are not analysed yet. Open the results of the survey and analyse them first."),
}
